using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Scoring;

/// <summary>Finds the tokens of embeddings that were made without them, by laying out their texts once more. Threads may share it.</summary>
internal sealed class TokenSource(EncodingProfile profile)
{
    private readonly Lock gate = new();
    private readonly RowEncoder encoder = new(profile);
    private readonly TokenRow row = new();

    /// <summary>Tokens and offsets for each row; false when the rows cannot be of this model, or are not of tokens but of clusters.</summary>
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
}
