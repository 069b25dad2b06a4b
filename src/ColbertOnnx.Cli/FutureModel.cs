using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli;

/// <summary>The model that a command's options name, before it is opened; one of the hub is fetched when its folder is asked for.</summary>
internal sealed class FutureModel(ModelSwitches switches, ParseResult parsed, Terminal terminal)
{
    private readonly Lazy<string?> folder = new(() => switches.Folder(parsed, switches.OptionsOf(parsed), terminal));

    /// <summary>It has to be fetched, or to be looked for among those that were.</summary>
    public bool IsRemote => switches.IsRemote(parsed);

    public string? Folder => folder.Value;

    public ColbertModelOptions Options { get; } = switches.OptionsOf(parsed);

    /// <summary>Opens it, and notes what a user should know about its settings.</summary>
    public ColbertModel Open() => ModelSwitches.Open(Folder, Options, terminal);
}
