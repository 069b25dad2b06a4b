using System.CommandLine;
using ColbertOnnx.Cli.Demo;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli.Commands;

internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var question = new Argument<string?>("QUESTION")
        {
            Description = "Another question to the same texts.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var model = new ModelSwitches();
        var command = new Command(
            "demo", "Answers a question over a few bundled texts: the ranking, the scores, and which words matched.") { question };
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            DemoTexts texts = DemoTexts.Read();
            using ColbertModel opened = model.Open(parsed, terminal);
            DemoReport.Write(terminal, opened, parsed.GetValue(question) ?? texts.Question, texts.Texts);
            terminal.Flush();
            return Application.Done;
        });
        return command;
    }
}
