using ColbertOnnx.Cli;

return Application.Run(args);
