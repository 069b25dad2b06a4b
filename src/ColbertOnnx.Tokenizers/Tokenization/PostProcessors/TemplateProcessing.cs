namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>Special tokens and texts in a written order. Read in src/processors/template.rs.</summary>
internal sealed class TemplateProcessing : PostProcessor
{
    private readonly TokenizerNode node;
    private readonly List<PieceOfTemplate> single, pair;

    private TemplateProcessing(TokenizerNode node, List<PieceOfTemplate> single, List<PieceOfTemplate> pair)
    {
        (this.node, this.single, this.pair) = (node, single, pair);
        AddedTokens = single.Sum(piece => piece.Ids.Length);
    }

    public override int AddedTokens { get; }

    public static TemplateProcessing Read(TokenizerNode node)
    {
        var tokens = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach ((string name, TokenizerNode token) in node.Get("special_tokens").Fields)
        {
            token.Find("id");
            token.Find("tokens");
            tokens[name] = [.. token.Get("ids").Items.Select(id => id.AsInt())];
            token.Finish();
        }

        return new TemplateProcessing(node, ReadTemplate(node.Get("single"), tokens), ReadTemplate(node.Get("pair"), tokens));
    }

    public override List<List<TemplateItem>> Process(List<List<TemplateItem>> encodings, bool addSpecialTokens)
    {
        // Behind another template there are as many encodings as that one had pieces.
        List<PieceOfTemplate> template = encodings.Count switch
        {
            1 => single,
            2 => pair,
            _ => throw node.Unsupported("comes behind a post-processor that leaves it more than two texts"),
        };
        var result = new List<List<TemplateItem>>();
        foreach (PieceOfTemplate piece in template)
        {
            if (piece.Text >= 0)
            {
                if (piece.Text >= encodings.Count) throw node.Invalid("names a second text where there is one");
                result.Add([.. encodings[piece.Text].Select(item => item with { TypeId = piece.TypeId })]);
            }
            else if (addSpecialTokens)
            {
                result.Add([.. piece.Ids.Select(id => TemplateItem.Special(id, piece.TypeId))]);
            }
        }

        return result;
    }

    private static List<PieceOfTemplate> ReadTemplate(TokenizerNode node, Dictionary<string, int[]> tokens)
    {
        var pieces = new List<PieceOfTemplate>();
        long count = 0;
        foreach (TokenizerNode item in node.Items)
        {
            bool isText = item.Fields.ContainsKey("Sequence");
            TokenizerNode piece = item.Get(isText ? "Sequence" : "SpecialToken");
            string id = piece.String("id");
            int typeId = piece.Int("type_id");
            if (isText && id is not ("A" or "B")) throw piece.Invalid("names a text other than A and B");
            if (!isText && !tokens.ContainsKey(id)) throw piece.Invalid($"names '{id}', which special_tokens lacks");
            pieces.Add(isText ? new PieceOfTemplate(id == "A" ? 0 : 1, [], typeId) : new PieceOfTemplate(-1, tokens[id], typeId));
            piece.Finish();
            item.Finish();
            count += Math.Max(1, pieces[^1].Ids.Length);
            if (count > Limits.TemplateTokens)
                throw node.Unsupported(
                    FormattableString.Invariant(
                        $"has more than {Limits.TemplateTokens:N0} tokens (the limit {nameof(Limits.TemplateTokens)})"));
        }

        return pieces;
    }

    private readonly record struct PieceOfTemplate(int Text, int[] Ids, int TypeId);
}
