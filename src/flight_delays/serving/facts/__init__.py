"""What is told and known of flights, weather and places."""
