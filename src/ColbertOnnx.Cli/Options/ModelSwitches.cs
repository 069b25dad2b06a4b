using System.CommandLine;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli.Options;

/// <summary>The options that say which model is opened and how; one set for all commands that need one.</summary>
internal sealed class ModelSwitches
{
    private readonly Option<string?> model = new("--model", "-m")
    {
        Description = "Model folder, or a model's name on the hub (owner/name); without it the embedded model.",
        HelpName = "DIR",
    };
    private readonly Option<string?> revision = Revision();
    private readonly Option<bool?> quantized = new("--quantized")
    {
        Description = "Use model_int8.onnx ('false': model.onnx). Default: model.onnx where it is.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "true|false",
        CustomParser = result => result.Tokens.Count == 0 || bool.Parse(result.Tokens[0].Value),
    };

    private readonly Option<int?> sessions = Count(
        "--sessions", "Lanes over one set of weights. Default: usable CPUs, divided by --threads-per-session.");
    private readonly Option<int?> threads = Count(
        "--threads-per-session", "Threads inside one operator, at most 4 for each CPU. Default: 1; single texts may get all CPUs.");
    private readonly Option<int?> batch = Count(
        "--batch-size", "Batch size: most texts in one batch; texts above 512 tokens go alone. Default: planned by length.");
    private readonly PrefixSwitches prefixes = new();
    private readonly Option<int?> queryLength = Count(
        "--query-length", "Most tokens of a query; with expansion exactly as many. Default: the model's.");
    private readonly Option<int?> documentLength = Count("--document-length", "Most tokens of a document. Default: the model's.");
    private readonly Option<QueryExpansion?> expansion = NamedValues.Option<QueryExpansion>(
        "--query-expansion",
        "on: queries are expanded with mask tokens to --query-length; attend: the model attends to them as well. Default: the model's.",
        "on", "off", "attend");

    private readonly Option<string[]?> skiplist = new("--skiplist")
    {
        Description = "A word whose token vectors are left out of documents; may be repeated, replaces the model's list ('' for none).",
        HelpName = "WORD",
    };

    private readonly Option<int?> poolFactor = Count(
        "--pool-factor", "About this many token vectors of a document become one; 1: each is kept. Default: the model's, mostly 1.");
    private readonly Option<int?> protectedTokens = ProtectedTokens();

    private readonly Option<string[]> providers =
        ProviderSwitches.Names("What the model runs on, in order of preference; 'colbert providers' lists the names. Default: Cpu.");
    private readonly ProviderSwitches provider = new();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[model, revision, quantized, sessions, threads, batch]) command.Add(option);
        AddEncodingTo(command);
        command.Add(providers);
        provider.AddTo(command);
    }

    /// <summary>Without those that a sweep has lists of.</summary>
    public void AddRestTo(Command command)
    {
        foreach (Option option in (Option[])[model, revision]) command.Add(option);
        AddEncodingTo(command);
        provider.AddTo(command);
    }

    // What decides about the vectors: PyLate's arguments.
    private void AddEncodingTo(Command command)
    {
        prefixes.AddTo(command);
        foreach (Option option in (Option[])[queryLength, documentLength, expansion, skiplist, poolFactor, protectedTokens])
            command.Add(option);
    }

    /// <summary>The first of the options for documents alone that was given; null: none was.</summary>
    public string? DocumentOptionIn(System.CommandLine.Parsing.CommandResult result) =>
        new[] { documentLength, prefixes.OfDocuments, skiplist, poolFactor, protectedTokens }
            .FirstOrDefault(result.IsGiven)?.Name;

    /// <summary>Opens the model, and notes what a user should know about its settings.</summary>
    public ColbertModel Open(ParseResult parsed, Terminal terminal)
    {
        ColbertModelOptions options = OptionsOf(parsed);
        return Open(Folder(parsed, options, terminal), options, terminal);
    }

    /// <summary>The same of a folder that was found before.</summary>
    public static ColbertModel Open(string? folder, ColbertModelOptions options, Terminal terminal)
    {
        ColbertModel opened = ColbertModel.Load(folder, options);
        foreach (string warning in opened.Warnings) terminal.Note($"{opened.Name}: {warning}");
        return opened;
    }

    /// <summary>It is a name on the hub.</summary>
    public bool IsRemote(ParseResult parsed) => ColbertHub.IsName(parsed.GetValue(model));

    /// <summary>The folder that was named; one of the hub is fetched. Null: the embedded model.</summary>
    public string? Folder(ParseResult parsed, ColbertModelOptions options, Terminal terminal) =>
        Folder(parsed.GetValue(model), parsed.GetValue(revision), options.Quantized == true, terminal);

    /// <summary>The same of another model's name.</summary>
    public static string? Folder(string? given, string? revision, bool isQuantized, Terminal terminal)
    {
        if (!ColbertHub.IsName(given)) return revision is null ? given : throw IdleRevision(given);
        var notes = new HubNotes(terminal);
        string folder = ColbertExporter.ResolveAsync(given!, revision ?? "main", isQuantized, notes, terminal.Cancellation)
            .GetAwaiter().GetResult();
        notes.End();
        return folder;
    }

    /// <param name="given">What was named beside a revision; null: nothing, and so the embedded model.</param>
    public static ColbertException IdleRevision(string? given) => new(
        ColbertErrorId.InputInvalid,
        $"--revision belongs to a model of the hub, and {(given is null ? "the embedded model" : $"'{given}'")} is none.", given,
        "Leave --revision out, or name a model of the hub: owner/name.");

    public ColbertModelOptions OptionsOf(ParseResult parsed) => prefixes.AddTo(provider.AddTo(new ColbertModelOptions
    {
        Quantized = parsed.GetValue(quantized),
        Sessions = parsed.GetValue(sessions),
        ThreadsPerSession = parsed.GetValue(threads),
        BatchSize = parsed.GetValue(batch),
        QueryLength = parsed.GetValue(queryLength),
        DocumentLength = parsed.GetValue(documentLength),
        QueryExpansion = parsed.GetValue(expansion),
        Skiplist = parsed.GetResult(skiplist) is null ? null : [.. parsed.GetValue(skiplist)!.Where(word => word.Length > 0)],
        PoolFactor = parsed.GetValue(poolFactor),
        ProtectedTokens = parsed.GetValue(protectedTokens),
        ExecutionProviders = parsed.GetValue(providers) is { Length: > 0 } names ? names : null,
    }, parsed), parsed);

    /// <summary>--revision, for whatever else takes a name of the hub.</summary>
    public static Option<string?> Revision() => new("--revision")
    {
        Description = "Branch, tag or commit on the hub. Default: main.",
        HelpName = "NAME",
    };

    /// <summary>--protected-tokens, for exports as well.</summary>
    public static Option<int?> ProtectedTokens() =>
        Count("--protected-tokens", "Leading token vectors of a document that are not pooled. Default: the model's, mostly 1.", 0);

    private static Option<int?> Count(string name, string description, int smallest = 1)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < smallest)
                result.AddError($"{name} must be at least {smallest}, not {value}.");
        });
        return option;
    }
}
