"""What each command means: functions from files and values to files and values, with no screen."""
