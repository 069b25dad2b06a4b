using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Export.Tokenizers;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;
using ColbertOnnx.Quantization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export;

/// <summary>A checkpoint becomes an exported folder: graph, tokenizer and settings, checked, then moved into place as a whole.</summary>
internal sealed class CheckpointExporter(string checkpoint, string target, ColbertExportOptions options, CancellationToken cancellation)
{
    /// <summary>What the optimizer may change in a token vector: it orders sums anew.</summary>
    private const double Tolerance = 1e-4;

    // An INT8 graph of an earlier export would give another model's vectors, with this one's tokenizer.
    private static readonly string[] Names = [ModelFiles.Graph, ModelFiles.QuantizedGraph, ModelFiles.Tokenizer, ModelFiles.Settings];

    private readonly List<string> warnings = [];

    /// <summary>Says what is being done, a few words each.</summary>
    public IProgress<ColbertProgress>? Progress { get; init; }

    public ColbertModelFolder Run()
    {
        long began = Stopwatch.GetTimestamp();
        CheckpointSettings settings = CheckpointSettings.Read(checkpoint, new ColbertModelOptions
        {
            QueryPrefix = options.QueryPrefix,
            DocumentPrefix = options.DocumentPrefix,
            PromptName = options.PromptName,
            Prompt = options.Prompt,
            ProtectedTokens = options.ProtectedTokens,
        });
        CheckpointConfig config = CheckpointConfig.Read(settings.BackboneFolder);
        Architectures.Check(config);
        string tokenizer = Path.Combine(settings.BackboneFolder, ModelFiles.Tokenizer);
        if (File.Exists(tokenizer)) OutputTarget.RefuseInputs(Path.Combine(target, ModelFiles.Tokenizer), tokenizer);
        warnings.AddRange(settings.Warnings);
        using CheckpointWeights weights = CheckpointWeights.Open(settings.BackboneFolder);
        using var staged = new StagedFolder(target, Names, options.Force);
        return staged.Named(() => Run(staged, settings, config, weights, began));
    }

    private ColbertModelFolder Run(
        StagedFolder staged, CheckpointSettings settings, CheckpointConfig config, CheckpointWeights weights, long began)
    {
        Say("tokenizer");
        ResolvedSettings resolved = WriteTokenizer(staged, settings, config);
        Say("graph");
        EncoderGraph built = WriteGraph(staged, ModelFiles.Graph, settings, config, weights, resolved, model =>
        {
            if (options.HalfPrecision) HalfPrecision.Apply(model, cancellation);
        });
        resolved = resolved with { Settings = SequenceLengths.Fit(resolved.Settings, built.Positions, settings.Folder) };
        Warn(built, resolved);
        if (options.Quantize)
        {
            Say("quantization");
            WriteGraph(
                staged, ModelFiles.QuantizedGraph, settings, config, weights, resolved,
                model => Quantizer.Quantize(model, cancellation: cancellation));
        }

        Write(
            staged, ModelFiles.Settings,
            SettingsWriter.Write(resolved, new GraphFacts(Name, config.Class, built.Dimension, UsesTokenTypeIds: false, built.Positions)));
        (ColbertVerification? graph, ColbertVerification? quantized) = options.Verify ? Verify(staged, resolved) : default;
        cancellation.ThrowIfCancellationRequested();
        string[] written = [.. Directory.EnumerateFiles(staged.Path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        staged.Complete();
        return new ColbertModelFolder
        {
            Path = target,
            ModelType = config.ModelType,
            Dimension = built.Dimension,
            Files = [.. written.Select(name => new FileInfo(Path.Combine(target, name)))],
            Verification = graph,
            QuantizedVerification = quantized,
            Warnings = warnings,
            Duration = Stopwatch.GetElapsedTime(began),
        };
    }

    private string Name => options.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(checkpoint));

    private ResolvedSettings WriteTokenizer(StagedFolder staged, CheckpointSettings settings, CheckpointConfig config)
    {
        string path = staged.FileOf(ModelFiles.Tokenizer);

        // Only the tokenizer without them knows which prefixes are new.
        using var plain = new MemoryStream();
        WriteEffective(settings, config, [], plain);
        ResolvedSettings resolved = settings.Resolve(Tokenizer.Parse(
            plain.GetBuffer().AsMemory(0, (int)plain.Length), Path.Combine(settings.BackboneFolder, ModelFiles.Tokenizer)));
        warnings.AddRange(resolved.Warnings.Except(warnings));
        string[] prefixes =
        [
            .. new[] { settings.Settings.QueryPrefix.Value, settings.Settings.DocumentPrefix.Value }.Where(prefix => prefix.Length > 0)
                .Distinct(),
        ];
        OutputGuard.Run(target, () =>
        {
            using FileStream file = File.Create(path);
            WriteEffective(settings, config, prefixes, file);
        });
        return resolved;
    }

    private static void WriteEffective(
        CheckpointSettings settings, CheckpointConfig config, IReadOnlyList<string> prefixes, Stream output) =>
        EffectiveTokenizer.Write(settings.BackboneFolder, config.ModelType, prefixes, output, settings.LowersInTokenizer);

    private EncoderGraph WriteGraph(
        StagedFolder staged, string name, CheckpointSettings settings, CheckpointConfig config, CheckpointWeights weights,
        ResolvedSettings resolved, Action<OnnxModel> change)
    {
        cancellation.ThrowIfCancellationRequested();
        EncoderGraph graph = EncoderGraph.Build(
            config, weights, settings.Dense, settings.Settings.NormalizeEmbeddings.Value, resolved.Tokenizer,
            SequenceLengths.Longest(settings.Settings), cancellation);
        SequenceLengths.Fit(settings.Settings, graph.Positions, settings.Folder);
        NamedIds.Check(resolved, graph.Rows, settings.Folder, Path.Combine(settings.BackboneFolder, ModelFiles.Tokenizer));
        change(graph.Model);
        OutputGuard.Run(target, () => OnnxWriter.Write(graph.Model, staged.FileOf(name), cancellation: cancellation));
        return graph;
    }

    // New prefixes have a warning of their own.
    private void Warn(EncoderGraph graph, ResolvedSettings resolved)
    {
        IEnumerable<string> known = resolved.NewTokens.Select(token => token.Text);
        string[] texts = [.. graph.TokensWithoutEmbedding.Select(token => token.Text).Except(known).Select(text => $"'{text}'")];
        if (texts.Length == 0) return;
        warnings.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"The embedding matrix has {graph.VocabularySize} rows, and "
                + $"{(texts.Length == 1 ? "one token" : $"{texts.Length} tokens")} of the tokenizer behind them "
                + $"({ShownText.First(texts)}): such a token gets the mean of all embeddings, where PyLate takes a random one close "
                + $"to the mean."));
    }

    private void Write(StagedFolder staged, string name, byte[] bytes) =>
        OutputGuard.Run(target, () => File.WriteAllBytes(staged.FileOf(name), bytes));

    private (ColbertVerification Graph, ColbertVerification? Quantized) Verify(StagedFolder staged, ResolvedSettings resolved)
    {
        Say("verification");
        var verifier = new ModelVerifier(resolved, cancellation);
        ColbertVerification graph = verifier.WithoutOptimizer(staged.FileOf(ModelFiles.Graph));
        if (!(graph.LargestDifference <= Tolerance))
        {
            throw new ColbertException(
                ColbertErrorId.ModelInvalid,
                $"The exported graph gives other vectors when ONNX Runtime optimizes it ({graph}).",
                checkpoint,
                "Please report it with the checkpoint's name; nothing was written.");
        }

        if (!options.Quantize) return (graph, null);
        ColbertVerification quantized = verifier.Against(staged.FileOf(ModelFiles.Graph), staged.FileOf(ModelFiles.QuantizedGraph)) with
        {
            IsQuantized = true,
        };
        return quantized.Miss(options.MinimumMeanCosine, options.MinimumCosine, target) is { } miss ? throw miss : (graph, quantized);
    }

    private void Say(string what)
    {
        cancellation.ThrowIfCancellationRequested();
        Progress?.Report(new ColbertProgress(what));
    }
}
