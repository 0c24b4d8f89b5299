from shiming.cli import main

raise SystemExit(main())
