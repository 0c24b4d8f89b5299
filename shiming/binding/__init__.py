"""项目人员绑定 [004]: bind, submit, audit, and the poster by which workers register themselves."""
