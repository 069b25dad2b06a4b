namespace ColbertOnnx.Pipeline;

/// <summary>What one run of the pipeline does with its texts.</summary>
internal readonly record struct EncodeOptions(TextKind Kind)
{
    /// <summary>Fill TokenIds, Tokens and TokenOffsets of the embeddings.</summary>
    public bool IncludeTokens { get; init; }

    /// <summary>Goes in front of each text instead of the model's prompt; null: that one.</summary>
    public string? Prompt { get; init; }

    /// <summary>Token vectors become unit vectors.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>A text keeps about one token vector of this many; 1: all.</summary>
    public double PoolFactor { get; init; } = 1;

    /// <summary>The first tokens, which are not pooled.</summary>
    public int ProtectedTokens { get; init; } = 1;

    /// <summary>Pooled token vectors become unit vectors again.</summary>
    public bool NormalizePooled { get; init; }

    /// <summary>Whether all token vectors are unit vectors in the end.</summary>
    public bool GivesUnitVectors => Normalize && (PoolFactor <= 1 || NormalizePooled);

    /// <summary>What a model's settings say of a kind of text, and where a call says otherwise, the call.</summary>
    public static EncodeOptions Of(ColbertSettings settings, TextKind kind, double? poolFactor = null, int? protectedTokens = null)
    {
        return new(kind)
        {
            Normalize = settings.NormalizeEmbeddings.Value,
            PoolFactor = settings.PoolTasks.Value.Contains(kind) ? poolFactor ?? settings.PoolFactor.Value : 1,
            ProtectedTokens = protectedTokens ?? settings.ProtectedTokens.Value,
            NormalizePooled = settings.NormalizePooledEmbeddings.Value,
        };
    }

    /// <summary>What a call asks for and these do not do, a sentence each.</summary>
    public IEnumerable<string> Unheeded(ColbertEncodeOptions call)
    {
        bool pools = PoolFactor > 1;
        string texts = Kind == TextKind.Query ? "queries" : "documents";
        if (call.PoolFactor > 1 && !pools) yield return $"This model does not pool {texts}, so that a pool factor has no effect.";
        else if (call.ProtectedTokens is not null && !pools) yield return "Nothing is pooled, so that no tokens need to be protected.";
        if (call.IncludeTokens && pools) yield return "Pooled token vectors are of several tokens, so that none are given with them.";
    }
}
