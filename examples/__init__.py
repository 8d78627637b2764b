"""Sites that show the engine on files this project did not make."""
