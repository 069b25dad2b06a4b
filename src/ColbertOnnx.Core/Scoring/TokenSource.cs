using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Scoring;

/// <summary>
/// Finds the tokens of embeddings that were made without them, by laying out their texts once more. Reads no weights. Threads may share it.
/// </summary>
public sealed class TokenSource
{
    private readonly ResolvedSettings resolved;
    private readonly Lock gate = new();
    private readonly InputBuilder encoder;
    private readonly ModelInput input = new();

    internal TokenSource(ResolvedSettings resolved)
    {
        this.resolved = resolved;
        encoder = new InputBuilder(resolved);
    }

    /// <summary>Of a model folder.</summary>
    /// <exception cref="ColbertException">The folder is not a model's.</exception>
    public static TokenSource Open(string folder) => new(ModelFolder.Open(folder, new()).Resolve());

    /// <summary>Tokens and offsets of each token vector; false when the vectors cannot be of this model, or are pooled.</summary>
    /// <param name="embedding">With its text, as the model encoded it.</param>
    /// <param name="tokens">The piece of the vocabulary of each vector.</param>
    /// <param name="offsets">Start and end in the text, in UTF-16 units; (0, 0) for tokens that the text does not hold.</param>
    public bool TryFind(ColbertEmbedding embedding, out string[] tokens, out (int Start, int End)[] offsets)
    {
        (tokens, offsets) = ([], []);
        lock (gate)
        {
            try
            {
                encoder.Build(embedding.Text, embedding.Kind, withOffsets: true, input, embedding.Prompt);
            }
            catch (ColbertException)
            {
                // A text that this model could not have encoded.
                return false;
            }

            // Pooling that does anything leaves fewer.
            if (input.KeptCount != embedding.TokenCount) return false;
            tokens = new string[input.KeptCount];
            offsets = new (int, int)[input.KeptCount];
            for (int i = 0; i < tokens.Length; i++)
            {
                tokens[i] = encoder.TokenOf(input.Ids[input.Kept[i]]);
                offsets[i] = input.Offsets[input.Kept[i]];
            }

            return true;
        }
    }

    /// <summary>What it is of.</summary>
    public override string ToString() => $"tokens of {resolved.Settings}";
}
