"""Which roles may do what in inventory; what a process is told, the kit's settings say."""

MASTER_DATA = ("master_data",)
RESERVING = ("clerk", "shop_manager", "service")
READING = ("master_data", "clerk", "shop_manager", "buyer", "finance", "operator", "service")
PROVING = ("finance", "operator", "service", "shop_manager")
ARRANGING = ("master_data", "shop_manager")
SCANNING = ("clerk", "shop_manager")
