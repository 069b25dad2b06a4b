using ColbertOnnx.Cli;
using ColbertOnnx.Cli.Streams;

try
{
    return Application.Run(args);
}
catch (Exception error) when (LastWords.AreDue(error))
{
    return LastWords.Say(error);
}
