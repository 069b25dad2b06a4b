using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Scoring;

/// <summary>
/// Finds the tokens of embeddings that were made without them, by laying out their texts once more. Reads no weights. Threads may share it.
/// </summary>
public sealed class TokenSource
{
    private readonly EncodingProfile profile;
    private readonly Lock gate = new();
    private readonly RowEncoder encoder;
    private readonly TokenRow row = new();

    internal TokenSource(EncodingProfile profile)
    {
        this.profile = profile;
        encoder = new RowEncoder(profile);
    }

    /// <summary>Of a model folder.</summary>
    /// <exception cref="ColbertException">The folder is not a model's.</exception>
    public static TokenSource Open(string folder) => new(ModelFolder.Open(folder, new()).CreateProfile());

    /// <summary>Tokens and offsets for each row; false when the rows cannot be of this model, or are not of tokens but of clusters.</summary>
    /// <param name="embedding">With its text, as the model encoded it.</param>
    /// <param name="tokens">The piece of the vocabulary of each row.</param>
    /// <param name="offsets">Start and end in the text, in UTF-16 units; (0, 0) for tokens that the text does not hold.</param>
    public bool TryFind(ColbertEmbedding embedding, out string[] tokens, out (int Start, int End)[] offsets)
    {
        (tokens, offsets) = ([], []);
        if (profile.Settings.PoolFactor.Value > 1 && profile.Settings.PoolTasks.Value.Contains(embedding.Kind)) return false;
        lock (gate)
        {
            try
            {
                encoder.Encode(embedding.Text, embedding.Kind, withOffsets: true, row, embedding.Prompt);
            }
            catch (ColbertException)
            {
                // A text that this model could not have encoded.
                return false;
            }

            if (row.KeptCount != embedding.TokenCount) return false;
            tokens = new string[row.KeptCount];
            offsets = new (int, int)[row.KeptCount];
            for (int i = 0; i < tokens.Length; i++)
            {
                tokens[i] = encoder.TokenOf(row.Ids[row.Kept[i]]);
                offsets[i] = row.Offsets[row.Kept[i]];
            }

            return true;
        }
    }

    /// <summary>What it is of.</summary>
    public override string ToString() => $"tokens of {profile.Settings}";
}
