using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Diagnostics;

/// <summary>What is measured, open: the encoder's lanes and the session under them. Owns both.</summary>
internal sealed class BenchmarkSubject(LanePool pool, Func<IInputBuilder> createInputs, ThroughputConfiguration configuration) : IDisposable
{
    public LanePool Pool => pool;

    public Func<IInputBuilder> CreateInputs => createInputs;

    public ThroughputConfiguration Configuration => configuration;

    /// <summary>What becomes of the texts.</summary>
    public EncodeOptions Options { get; init; } = new(configuration.Kind);

    public bool IsQuantized => configuration.IsQuantized;

    /// <summary>What texts are generated from; null where there is no vocabulary.</summary>
    public ResolvedSettings? Resolved { get; init; }

    /// <summary>The graph's file, where the CPU alone runs it and its limit can be computed; otherwise null.</summary>
    public string? CountedGraph { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The assigned execution providers.</summary>
    public IReadOnlyList<ColbertProviderShare> Providers { get; init; } = [];

    public static BenchmarkSubject Open(string? path, ColbertModelOptions options, TextKind kind)
    {
        ColbertModel model = ColbertModel.Load(path, options);
        var configuration = new ThroughputConfiguration
        {
            Model = model.Name,
            IsQuantized = model.IsQuantized,
            Kind = kind,
            Sessions = model.Sessions,
            IsSessionsDefault = options.Sessions is null,
            ThreadsPerSession = model.ThreadsPerSession,
            BatchSize = model.BatchSize,
            ExecutionProviders = ProviderRequest.NamesOf(options),
            Arguments = EncodingArguments.Of(options),
        };
        return new BenchmarkSubject(model.Lanes, () => new InputBuilder(model.Resolved), configuration)
        {
            Options = EncodeOptions.Of(model.Settings, kind),
            Resolved = model.Resolved,
            CountedGraph = model.Providers is [{ Name: var only }] && only == ProviderTable.Cpu.Name ? model.GraphPath : null,
            Warnings = model.Warnings,
            Providers = model.Providers,
        };
    }

    public void Dispose() => pool.Dispose();
}
