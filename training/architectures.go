package training

// architectureNames lists what can be trained for the task.
func architectureNames(Task) []string {
	return []string{"small_cnn", "mobilenet_v2_035", "mobilenet_v2_050", "mobilenet_v2_100", "resnet18"}
}

func architectureDefaults(Task, string) (batch, size int) { return 0, 0 }
