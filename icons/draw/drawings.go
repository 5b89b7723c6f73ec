package main

// drawings has every icon by the name of its file.
var drawings = map[string]func(s *sketch){
	// The three types of view.
	"classification": func(s *sketch) { // one tag on one whole
		s.line(pen, true, ps("11,4 20,4 20,13 12,21 3,12")...)
		s.dot(16, 8, 1.5)
	},
	"tagging": func(s *sketch) { // several tags
		s.line(pen, true, ps("10,6 18,6 18,14 11,21 3,13")...)
		s.dot(14.2, 9.8, 1.4)
		s.lines("13,2.5 21.5,2.5 21.5,11")
	},
	"detection": func(s *sketch) { // a box with corners
		s.lines("3,8 3,3 8,3", "16,3 21,3 21,8", "21,16 21,21 16,21", "8,21 3,21 3,16")
		s.line(pen, true, ps("8,8.5 16,8.5 16,15.5 8,15.5")...)
	},

	// The three tabs.
	"views": func(s *sketch) {
		s.line(pen, true, rounded(3, 4, 18, 16, 2)...)
		s.lines("4,17 9,11.5 13,15.5 16,13 20,17")
		s.dot(15.5, 8.5, 1.6)
	},
	"library": func(s *sketch) { // versions standing in a shelf
		s.line(pen, true, ps("3.5,4 7.5,4 7.5,20 3.5,20")...)
		s.line(pen, true, ps("7.5,7 11.5,7 11.5,20 7.5,20")...)
		s.line(pen, true, ps("13.2,5.6 16.9,4.4 21,19 17.3,20.1")...)
	},
	"training": func(s *sketch) { // a falling curve
		s.lines("3.5,3.5 3.5,20.5 20.5,20.5")
		s.line(pen, false, ps("6.5,6 8,10.5 10,13.6 12.5,15.6 16,16.8 20,17.3")...)
	},

	// Things to do.
	"add":      func(s *sketch) { s.lines("12,5 12,19", "5,12 19,12") },
	"remove":   func(s *sketch) { s.lines("5,12 19,12") },
	"close":    func(s *sketch) { s.lines("6,6 18,18", "18,6 6,18") },
	"check":    func(s *sketch) { s.lines("4.5,12.5 9.5,17.5 19.5,6.5") },
	"back":     func(s *sketch) { s.lines("20,12 4,12", "10,6 4,12 10,18") },
	"previous": func(s *sketch) { s.lines("15,5 8,12 15,19") },
	"next":     func(s *sketch) { s.lines("9,5 16,12 9,19") },
	"expand":   func(s *sketch) { s.lines("5,9 12,16 19,9") },
	"more":     func(s *sketch) { s.dot(5, 12, 1.7); s.dot(12, 12, 1.7); s.dot(19, 12, 1.7) },
	"menu":     func(s *sketch) { s.lines("4,7 20,7", "4,12 20,12", "4,17 20,17") },
	"search":   func(s *sketch) { s.ring(10.5, 10.5, 6.2); s.lines("15.2,15.2 20.5,20.5") },
	"filter":   func(s *sketch) { s.line(pen, true, ps("3.5,5 20.5,5 14,13 14,20 10,17.5 10,13")...) },
	"sort": func(s *sketch) {
		s.lines("7,4 7,20", "3.5,16.5 7,20 10.5,16.5", "13,6 21,6", "13,11 19,11", "13,16 17,16")
	},
	"edit": func(s *sketch) {
		s.line(pen, true, ps("4,20 5,15.5 16,4.5 19.5,8 8.5,19")...)
		s.lines("13.5,7 17,10.5")
	},
	"delete": func(s *sketch) {
		s.lines("4,6.5 20,6.5", "9,6.5 9,3.5 15,3.5 15,6.5", "6,6.5 7,20.5 17,20.5 18,6.5", "10,10.5 10.3,16.8", "14,10.5 13.7,16.8")
	},
	"undo": func(s *sketch) {
		s.lines("8.5,5 4,9.5 8.5,14")
		s.line(pen, false, append(ps("4,9.5 14,9.5"), append(arc(14.5, 14.5, 5, -90, 90), point{9, 19.5})...)...)
	},
	"redo": func(s *sketch) {
		s.lines("15.5,5 20,9.5 15.5,14")
		s.line(pen, false, append(ps("20,9.5 10,9.5"), append(arc(9.5, 14.5, 5, 270, 90), point{15, 19.5})...)...)
	},
	"copy": func(s *sketch) {
		s.line(pen, true, rounded(8.5, 8.5, 12, 12, 1.5)...)
		s.lines("15.5,5.5 15.5,3.5 3.5,3.5 3.5,15.5 5.5,15.5")
	},
	"import": func(s *sketch) { s.lines("12,3 12,15", "7,10.5 12,15.5 17,10.5", "4,15 4,20.5 20,20.5 20,15") },
	"export": func(s *sketch) { s.lines("12,16 12,4", "7,8.5 12,3.5 17,8.5", "4,15 4,20.5 20,20.5 20,15") },
	"save": func(s *sketch) {
		s.line(pen, true, ps("4,4 16.5,4 20,7.5 20,20 4,20")...)
		s.lines("8,4 8,9 15,9 15,4", "7.5,20 7.5,13.5 16.5,13.5 16.5,20")
	},
	"open": func(s *sketch) {
		s.lines("3.5,19 3.5,5 9.5,5 11.5,7.5 19,7.5 19,10.5")
		s.line(pen, true, ps("3.5,19.5 6.5,10.5 22,10.5 19,19.5")...)
	},
	"folder": func(s *sketch) { s.line(pen, true, ps("3,5 9.5,5 11.5,7.5 21,7.5 21,19.5 3,19.5")...) },
	"image": func(s *sketch) {
		s.line(pen, true, rounded(3, 4, 18, 16, 2)...)
		s.lines("4,17 9,11.5 13,15.5 16,13 20,17")
		s.dot(15.5, 8.5, 1.6)
	},
	"images": func(s *sketch) {
		s.line(pen, true, rounded(7, 3.5, 14, 13, 1.5)...)
		s.lines("3,8 3,20.5 17,20.5", "8,14.5 12,10 15,13 20,9")
	},
	"broken": func(s *sketch) {
		s.lines("10,4 3,4 3,20 9,20 11.5,15 9,11.5 12,8 10,4", "14,4 21,4 21,20 13,20 15.5,15 13,11.5 16,8 14,4")
	},
	"settings": func(s *sketch) {
		s.lines("3.5,7 8.5,7", "13.5,7 20.5,7", "3.5,17 10.5,17", "15.5,17 20.5,17")
		s.ring(11, 7, 2.5)
		s.ring(13, 17, 2.5)
	},
	"help": func(s *sketch) {
		s.ring(12, 12, 8.7)
		s.line(pen, false, append(arc(12, 9.7, 2.7, 180, 405), point{12, 13.5})...)
		s.dot(12, 17, 1.1)
	},
	"info": func(s *sketch) { s.ring(12, 12, 8.7); s.lines("12,11 12,16.5"); s.dot(12, 7.6, 1.1) },
	"warning": func(s *sketch) {
		s.line(pen, true, ps("12,3.5 21.5,20 2.5,20")...)
		s.lines("12,9.5 12,14")
		s.dot(12, 17, 1.1)
	},
	"error": func(s *sketch) {
		s.line(pen, true, ps("8.4,3.4 15.6,3.4 20.6,8.4 20.6,15.6 15.6,20.6 8.4,20.6 3.4,15.6 3.4,8.4")...)
		s.lines("12,7.5 12,13")
		s.dot(12, 16.6, 1.1)
	},
	"key": func(s *sketch) {
		s.line(pen, true, rounded(2.5, 5.5, 19, 13, 2)...)
		s.lines("8,15 16,15")
		s.dot(7, 9.5, 1)
		s.dot(12, 9.5, 1)
		s.dot(17, 9.5, 1)
	},
	"eye": func(s *sketch) {
		s.line(pen, true, append(arc(12, 18.6, 11.6, 213, 327), arc(12, 5.4, 11.6, 33, 147)...)...)
		s.ring(12, 12, 2.8)
	},
	"eyeoff": func(s *sketch) {
		s.line(pen, true, append(arc(12, 18.6, 11.6, 213, 327), arc(12, 5.4, 11.6, 33, 147)...)...)
		s.lines("4,20 20,4")
	},
	"sun": func(s *sketch) {
		s.ring(12, 12, 4)
		s.lines("12,2.5 12,4.5", "12,19.5 12,21.5", "2.5,12 4.5,12", "19.5,12 21.5,12", "5.3,5.3 6.7,6.7", "17.3,17.3 18.7,18.7", "5.3,18.7 6.7,17.3", "17.3,6.7 18.7,5.3")
	},
	"moon": func(s *sketch) {
		s.line(pen, true, append(arc(11.5, 12.5, 8.5, 5, 265), arc(17.2, 6.8, 7.3, 200, 70)...)...)
	},
	"contrast": func(s *sketch) { s.ring(12, 12, 8.5); s.fill(arc(12, 12, 8.5, -90, 90)...) },
	"brightness": func(s *sketch) {
		s.ring(12, 12, 3.4)
		for i := range 8 {
			p := arc(12, 12, 7.4, float64(i)*45, float64(i)*45+1)
			s.dot(p[0].x, p[0].y, 1.15)
		}
	},

	// Annotating.
	"box": func(s *sketch) {
		s.line(pen, true, ps("5,6 19,6 19,18 5,18")...)
		for _, p := range ps("5,6 19,6 19,18 5,18") {
			s.dot(p.x, p.y, 2.1)
		}
	},
	"pointer": func(s *sketch) { s.line(pen, true, ps("5,3.5 19,11 12.5,12.8 9.6,19.5")...) },
	"without": func(s *sketch) { s.ring(12, 12, 8.5); s.lines("6,18 18,6") },
	"fit":     func(s *sketch) { s.lines("4,9 4,4 9,4", "15,4 20,4 20,9", "20,15 20,20 15,20", "9,20 4,20 4,15") },
	"actual": func(s *sketch) {
		s.lines("3.5,8 6.5,6 6.5,18", "15.5,8 18.5,6 18.5,18")
		s.dot(11.5, 9.5, 1.2)
		s.dot(11.5, 15, 1.2)
	},
	"zoomin": func(s *sketch) {
		s.ring(10.5, 10.5, 6.2)
		s.lines("15.2,15.2 20.5,20.5", "10.5,7.8 10.5,13.2", "7.8,10.5 13.2,10.5")
	},
	"zoomout":   func(s *sketch) { s.ring(10.5, 10.5, 6.2); s.lines("15.2,15.2 20.5,20.5", "7.8,10.5 13.2,10.5") },
	"split":     func(s *sketch) { s.line(pen, true, rounded(3, 5, 18, 14, 2)...); s.lines("15.5,5 15.5,19") },
	"reviewed":  func(s *sketch) { s.ring(12, 12, 8.7); s.lines("8,12.3 11,15.3 16.3,9") },
	"nextempty": func(s *sketch) { s.lines("4,5 11,12 4,19"); s.ring(17, 12, 3.6) },
	"grid": func(s *sketch) {
		for _, p := range ps("4,4 13.5,4 4,13.5 13.5,13.5") {
			s.line(pen, true, rounded(p.x, p.y, 6.5, 6.5, 1)...)
		}
	},
	"hand": func(s *sketch) {
		s.lines("12,3.5 12,20.5", "3.5,12 20.5,12", "9.5,6 12,3.5 14.5,6", "9.5,18 12,20.5 14.5,18", "6,9.5 3.5,12 6,14.5", "18,9.5 20.5,12 18,14.5")
	},

	// Training.
	"train": func(s *sketch) {
		s.fill(ps("7,4.5 19.5,12 7,19.5")...)
		s.line(pen, true, ps("7,4.5 19.5,12 7,19.5")...)
	},
	"stop":   func(s *sketch) { s.fill(ps("6,6 18,6 18,18 6,18")...); s.line(pen, true, ps("6,6 18,6 18,18 6,18")...) },
	"pause":  func(s *sketch) { s.line(3, false, ps("8,6 8,18")...); s.line(3, false, ps("16,6 16,18")...) },
	"resume": func(s *sketch) { s.line(pen, true, ps("10,5 20.5,12 10,19")...); s.lines("5,5 5,19") },
	"again":  func(s *sketch) { s.line(pen, false, arc(12, 12, 8, -40, 250)...); s.lines("18.5,2.5 18.3,7 13.8,7") },
	"queue":  func(s *sketch) { s.lines("4,6 14,6", "4,12 20,12", "4,18 20,18"); s.fill(ps("17,3 21.5,6 17,9")...) },
	"curves": func(s *sketch) { s.lines("3.5,3.5 3.5,20.5 20.5,20.5", "6.5,16 10.5,9.5 14,12.5 20,5") },
	"evaluate": func(s *sketch) {
		s.line(pen, false, arc(12, 15.5, 9, 180, 360)...)
		s.lines("12,15.5 16,9.5")
		s.dot(12, 15.5, 1.7)
	},
	"try": func(s *sketch) {
		s.lines("9,3.5 15,3.5", "10.2,3.5 10.2,10 4.5,19 5.5,20.5 18.5,20.5 19.5,19 13.8,10 13.8,3.5", "7.6,15 16.4,15")
	},
	"compare": func(s *sketch) {
		s.line(pen, true, ps("4,5 10,5 10,19 4,19")...)
		s.line(pen, true, ps("14,5 20,5 20,19 14,19")...)
	},
	"network": func(s *sketch) {
		s.lines("5.5,6 12,12", "5.5,18 12,12", "12,12 18.5,6", "12,12 18.5,18")
		for _, p := range ps("5,5.5 5,18.5 12,12 19,5.5 19,18.5") {
			s.dot(p.x, p.y, 2.4)
		}
	},
	"processor": func(s *sketch) {
		s.line(pen, true, rounded(6.5, 6.5, 11, 11, 1.5)...)
		s.lines("10,3 10,6", "14,3 14,6", "10,18 10,21", "14,18 14,21", "3,10 6,10", "3,14 6,14", "18,10 21,10", "18,14 21,14")
	},
	"clock": func(s *sketch) { s.ring(12, 12, 8.7); s.lines("12,6.8 12,12 15.5,14") },
	"log": func(s *sketch) {
		s.line(pen, true, rounded(4, 3.5, 16, 17, 2)...)
		s.lines("8,8.5 16,8.5", "8,12 16,12", "8,15.5 13,15.5")
	},
	"camera": func(s *sketch) {
		s.line(pen, true, ps("3,7 8,7 9.5,4.5 14.5,4.5 16,7 21,7 21,19.5 3,19.5")...)
		s.ring(12, 13, 3.6)
	},
	"data": func(s *sketch) {
		s.line(pen, true, rounded(3.5, 3.5, 17, 17, 2)...)
		s.lines("3.5,9.5 20.5,9.5", "3.5,15 20.5,15", "9.5,9.5 9.5,20.5")
	},
}
