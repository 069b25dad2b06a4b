using System.Globalization;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>What is compared, how long.</summary>
internal sealed record PeerOptions
{
    public const string Usage =
        "peers [--models bert,modernbert,modernbert-22] [--lengths 32,180,512,mixed] [--rounds N] [--tokens N] [--upstream FOLDER]... "
            + "[--rust PROGRAM] [--markdown FILE]";

    public string[] Models { get; private init; } = ["bert", "modernbert"];

    public string[] Lengths { get; private init; } = ["32", "180", "512", PeerTexts.Mixed];

    public int Rounds { get; private init; } = 7;

    /// <summary>Tokens of all texts of a pass together.</summary>
    public int Tokens { get; private init; } = 18_000;

    /// <summary>Folders of the upstream exporter, named by their family: bert-12x384, modernbert-6x768.</summary>
    public IReadOnlyList<string> Upstream { get; private init; } = [];

    public string? Rust { get; private init; }

    public string? Markdown { get; private init; }

    /// <summary>Null where the arguments are not understood.</summary>
    public static PeerOptions? Parse(string[] args)
    {
        var options = new PeerOptions();
        for (int i = 0; i < args.Length; i += 2)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--models" when value is not null: options = options with { Models = value.Split(',') }; break;
                case "--lengths" when value is not null: options = options with { Lengths = value.Split(',') }; break;
                case "--rounds" when value is not null:
                    options = options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--tokens" when value is not null:
                    options = options with { Tokens = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "--upstream" when value is not null:
                    options = options with { Upstream = [.. options.Upstream, Path.GetFullPath(value)] };
                    break;
                case "--rust" when value is not null: options = options with { Rust = Path.GetFullPath(value) }; break;
                case "--markdown" when value is not null: options = options with { Markdown = value }; break;
                default: return null;
            }
        }

        return options;
    }

    public static CheckpointShape ShapeOf(string model) => model switch
    {
        "bert" => CheckpointShape.Bert with { Vocabulary = 4000 },
        "modernbert" => CheckpointShape.ModernBert with { Name = "modernbert-6x768", Layers = 6, Vocabulary = 4000 },
        "modernbert-22" => CheckpointShape.ModernBert with { Vocabulary = 4000 },
        _ => throw new ArgumentException($"There is no model '{model}'; {Usage}"),
    };

    /// <summary>The upstream exporter's folder of a family and width, by its name; layers can be added to it.</summary>
    public string? UpstreamOf(CheckpointShape shape) =>
        Upstream.FirstOrDefault(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) is var name
            && name.StartsWith($"{shape.Family}-", StringComparison.Ordinal) && name.EndsWith($"x{shape.Width}", StringComparison.Ordinal));
}
