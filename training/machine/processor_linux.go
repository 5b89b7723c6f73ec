package machine

import "os"

func readProcessor(logical int) Processor { return linuxProcessor(os.DirFS("/"), logical) }
