using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli;

/// <summary>
/// The model that a command's options name, before it is opened; one of the hub is fetched when something of it is asked for.
/// </summary>
internal sealed class FutureModel
{
    private readonly Lazy<string?> folder;
    private readonly Lazy<IReadOnlyDictionary<string, string>> identity;
    private readonly ModelSwitches switches;
    private readonly ParseResult parsed;
    private readonly Terminal terminal;
    private readonly ColbertModelOptions options;

    public FutureModel(ModelSwitches switches, ParseResult parsed, Terminal terminal)
    {
        (this.switches, this.parsed, this.terminal) = (switches, parsed, terminal);
        options = switches.OptionsOf(parsed);
        folder = new(() => switches.Folder(parsed, options, terminal));
        identity = new(() => ColbertModel.ReadIdentity(folder.Value, options));
    }

    /// <summary>It has to be fetched, or to be looked for among those that were.</summary>
    public bool IsRemote => switches.IsRemote(parsed);

    /// <summary>What it says of itself.</summary>
    public IReadOnlyDictionary<string, string> Identity => identity.Value;

    /// <summary>Opens it, and notes what a user should know about its settings.</summary>
    public ColbertModel Open() => ModelSwitches.Open(folder.Value, options, terminal);
}
