using System.CommandLine;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli.Commands;

/// <summary>What a model can be run on, whether this machine has it, and why not.</summary>
internal static class ProvidersCommand
{
    public static Command Create(Terminal terminal)
    {
        var library = new Option<string?>("--provider-library")
        {
            Description = "A plug-in library for ONNX Runtime, whose providers come first.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json")
        {
            Description = "JSON Lines: name, engine, available, reason, install, version, devices, options.",
        };
        var command = new Command(
            "providers", "Lists execution providers: whether this machine has them, why not, and what to install.") { library, json };
        command.SetAction(parsed =>
        {
            foreach (ColbertExecutionProvider provider in ColbertRuntime.GetExecutionProviders(parsed.GetValue(library)))
            {
                if (parsed.GetValue(json)) terminal.Text.WriteLine(provider.ToJson());
                else Write(terminal, provider);
            }

            terminal.Flush();
            return Application.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, ColbertExecutionProvider provider)
    {
        terminal.Line(
            $"{provider.Name,-14} {(provider.IsAvailable ? $"available, {provider.Version}" : $"not available: {provider.Reason}")}");
        foreach (ColbertExecutionDevice device in provider.Devices) terminal.Line($"{"",-14} {device}");
        if (provider.Install is { Length: > 0 } install) terminal.Line($"{"",-14} {install}");
    }
}
