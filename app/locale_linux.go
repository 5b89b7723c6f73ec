package app

/*
#include <stdlib.h>

// Where the language is "C.UTF-8" (containers, servers), Fyne 2.7 prints several lines of error at each start of the program,
// commands included, before any of our code runs. "C" it takes in silence. So the value is cut to "C" before Go reads the
// environment, and put back once Fyne has looked, since X11's input of characters wants the whole of it.
static char *cut[3];

__attribute__((constructor)) static void viewfinder_cut_locale(void) {
	const char *names[3] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	for (int i = 0; i < 3; i++) {
		char *v = getenv(names[i]);
		if (v && v[0] == 'C' && v[1] == '.') {
			v[1] = 0;
			cut[i] = v;
		}
	}
}

static void viewfinder_restore_locale(void) {
	for (int i = 0; i < 3; i++) {
		if (cut[i]) cut[i][1] = '.';
	}
}
*/
import "C"

func init() { C.viewfinder_restore_locale() }
