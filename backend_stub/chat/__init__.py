"""The clinic's side of chats: queue, assistant, professionals (rows D1 to D11)."""
