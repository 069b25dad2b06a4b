using ColbertOnnx.Cli;
using ColbertOnnx.Cli.Streams;

if (OpenFiles.AreTooFew(out ulong most)) return LastWords.SayTooFewFiles(most);
try
{
    return Application.Run(args);
}
catch (Exception error) when (LastWords.AreDue(error))
{
    return LastWords.Say(error);
}
