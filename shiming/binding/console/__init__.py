"""项目人员绑定 on the PC."""
