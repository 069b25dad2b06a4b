using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// The attention that <c>SelfAttention</c> and <c>LocalAttention</c> of ColbertOnnx.Tools write: a choice (If) between Attention with a
/// mask, without one, for long inputs, by blocks. One operator of ours does all of them. Whatever looks otherwise stays.
/// </summary>
internal sealed class AttentionFusion
{
    private const string ThenBranch = "then_branch", ElseBranch = "else_branch";

    private readonly OnnxModel model;

    // Of the main graph.
    private readonly Dictionary<string, NodeProto> producers = new(StringComparer.Ordinal);

    private AttentionFusion(OnnxModel model)
    {
        this.model = model;
        foreach (NodeProto node in model.Graph.Node)
            foreach (string output in node.Output) producers[output] = node;
    }

    /// <summary>Changes the model in place; false: there is nothing to change.</summary>
    public static bool Apply(OnnxModel model)
    {
        if (!AttentionRowsOperator.IsSupported) return false;
        var fusion = new AttentionFusion(model);
        int found = model.Graph.Node.Count(fusion.Replace);
        if (found == 0) return false;
        UnusedParts.Remove(model);
        model.Import(RowOperators.Domain, 1);
        return true;
    }

    private bool Replace(NodeProto node)
    {
        if (!node.Is("If") || node.Output.Count != 1) return false;
        Form? form = Choice(node) ?? Windowed(node);
        if (form is null || form.HeadSize(this) is not (> 0 and <= AttentionKernel.LargestHeadSize)) return false;
        string? keys = null;
        if (form.Mask is not null)
        {
            if (Mask(form.Mask) is not { } mask || mask.When != form.When || form.Reach != mask.Reach) return false;
            if (mask.Reach is null && !IsPadded(mask.When)) return false;
            keys = mask.Keys;
        }

        node.OpType = RowOperators.AttentionRows;
        node.Domain = RowOperators.Domain;
        node.Input.Clear();
        node.Input.Add([form.Q, form.K, form.V]);
        if (keys is not null) node.Input.Add(keys);
        node.Attribute.Clear();
        int reach = form.Reach ?? AttentionSettings.All;
        node.Attribute.Add(OnnxAttributes.Of(RowOperators.Heads, form.Heads));
        node.Attribute.Add(OnnxAttributes.Of(RowOperators.KeyHeads, form.KeyHeads));
        node.Attribute.Add(OnnxAttributes.Of(RowOperators.Scale, form.Scale));
        node.Attribute.Add(OnnxAttributes.Of(RowOperators.Before, reach));
        node.Attribute.Add(OnnxAttributes.Of(RowOperators.After, form.IsCausal ? 0 : reach));
        return true;
    }

    // If(c) { with a mask } else { without }, and If(c) { for long inputs } else { the same }.
    private Form? Choice(NodeProto node)
    {
        if (Branch(node, ThenBranch) is not { } first || Branch(node, ElseBranch) is not { } second) return null;
        if (Attention(first) is not { } one || Attention(second) is not { Mask: null } other) return null;
        if (one with { Mask = null, When = null, HasZeros = false } != other) return null;
        return one.Mask is null || one.When is not null ? one : one with { When = node.Input[0] };
    }

    // If(long) { by blocks } else If(c) { with a mask of the window } else { without }.
    private Form? Windowed(NodeProto node)
    {
        if (Branch(node, ThenBranch) is not { } blocks || Branch(node, ElseBranch) is not { } whole) return null;
        if (Result(whole) is not { } inner || !inner.Is("If")) return null;
        if (Choice(inner) is not { Mask: not null, IsCausal: false } form) return null;
        if (Mask(form.Mask) is not { Reach: { } reach } mask || !IsWindow(mask, node.Input[0], reach)) return null;

        // Blocks of the same rows, with the same heads.
        NodeProto[] all = [.. blocks.All()], mixers = [.. all.Where(one => one.Is("Attention"))];
        HashSet<string> read = [.. all.SelectMany(one => one.Input)];
        bool isSame = mixers.Length > 0 && mixers.All(one => Settings(one) == (form.Heads, form.KeyHeads, form.Scale, false));
        return isSame && new[] { form.Q, form.K, form.V }.All(read.Contains) ? form with { Reach = reach } : null;
    }

    private Form? Attention(GraphProto branch)
    {
        if (Result(branch) is not { } node) return null;
        if (node.Is("If")) return Choice(node);
        bool hasZeros = false;
        if (node.Is("Where") && IsZero(node.Input[2]) && IsVisible(node.Input[0]))
        {
            if (branch.Node.FirstOrDefault(one => one.Output.Contains(node.Input[1])) is not { } masked) return null;
            (node, hasZeros) = (masked, true);
        }

        if (Settings(node) is not { } settings || !node.Input.Take(3).All(IsOuter)) return null;
        bool isMasked = node.Is("Attention") && node.Input.Count == 4;
        if (node.Input.Count != (isMasked ? 4 : 3) || (hasZeros && !isMasked)) return null;
        return new Form(node.Input[0], node.Input[1], node.Input[2], settings.Heads, settings.KeyHeads, settings.Scale, settings.IsCausal)
        {
            Mask = isMasked ? node.Input[3] : null,
            HasZeros = hasZeros,
        };
    }

    private static (int Heads, int KeyHeads, float Scale, bool IsCausal)? Settings(NodeProto node)
    {
        if (node.Is("Attention") && Has(node, "q_num_heads", "kv_num_heads", "scale", "is_causal"))
        {
            int heads = (int)node.Integer("q_num_heads", 0), keyHeads = (int)node.Integer("kv_num_heads", 0);
            return (heads, keyHeads, node.Single("scale", 0), node.Integer("is_causal", 0) == 1);
        }

        return node is { OpType: "MultiHeadAttention", Domain: OnnxNames.Microsoft } && Has(node, "num_heads", "scale")
            ? ((int)node.Integer("num_heads", 0), (int)node.Integer("num_heads", 0), node.Single("scale", 0), false)
            : null;
    }

    // If(c) { the keys that have attention 1, in a window or not } else { one value for all }.
    private KeyChoice? Mask(string name)
    {
        if (Producer(name, "If") is not { } choice || Branch(choice, ThenBranch) is not { } branch) return null;
        if (Result(branch) is not { } node) return null;
        int? reach = null;
        if (node.Is("And"))
        {
            if (Inside(branch, node.Input[1], "LessOrEqual") is not { } near || Whole(near.Input[1]) is not { } far) return null;
            if (Inside(branch, near.Input[0], "Abs") is null) return null;
            (node, reach) = (Inside(branch, node.Input[0], "Expand"), (int)far);
        }

        if (node is null || !node.Is("Expand") || Producer(node.Input[0], "Cast") is not { } cast) return null;
        if (Producer(cast.Input[0], "Unsqueeze") is not { } keys) return null;
        return IsAttentionMask(keys.Input[0]) ? new KeyChoice(node.Input[0], choice.Input[0], reach) : null;
    }

    // Or(padded, longer than the window) and not long.
    private bool IsWindow(KeyChoice mask, string isLong, int reach) =>
        Producer(mask.When, "And") is { } both && Producer(both.Input[1], "Not") is { } not && not.Input[0] == isLong
        && Producer(both.Input[0], "Or") is { } hides && IsPadded(hides.Input[0])
        && Producer(hides.Input[1], "Greater") is { } longer && Whole(longer.Input[1]) == reach + 1;

    // Any token has attention 0.
    private bool IsPadded(string name) =>
        Producer(name, "Equal") is { } equal && Whole(equal.Input[1]) == 0
        && Producer(equal.Input[0], "ReduceMin") is { } least && IsAttentionMask(least.Input[0]);

    // Rows that see any key: from a mask, or up to each row where none sees later ones.
    private bool IsVisible(string name) =>
        Producer(name, "If") is { } choice && Branch(choice, ThenBranch) is { } branch
        && branch.Node.Any(node => node.Is("ReduceMax") || node.Is("CumSum"));

    private static bool IsAttentionMask(string name) => name == GraphSignature.AttentionMask;

    private static bool Has(NodeProto node, params string[] attributes) =>
        node.Attribute.All(attribute => attributes.Contains(attribute.Name));

    private static GraphProto? Branch(NodeProto node, string name) => node.Find(name)?.G;

    // The node whose only output is the branch's.
    private static NodeProto? Result(GraphProto branch) => branch.Output is [var output] ? Maker(branch, output.Name) : null;

    private static NodeProto? Inside(GraphProto branch, string name, string op) =>
        Maker(branch, name) is { } node && node.Is(op) ? node : null;

    private static NodeProto? Maker(GraphProto branch, string name) =>
        branch.Node.FirstOrDefault(node => node.Output is [var one] && one == name);

    private NodeProto? Producer(string name, string op) => producers.TryGetValue(name, out NodeProto? node) && node.Is(op) ? node : null;

    private bool IsOuter(string name) => producers.ContainsKey(name);

    private long? Whole(string name) =>
        model.Find(name) is { Type: OnnxElementType.Int64, ElementCount: 1 } tensor ? BitConverter.ToInt64(tensor.Data.ToArray()) : null;

    private bool IsZero(string name) =>
        model.Find(name) is { Type: OnnxElementType.Float, ElementCount: 1 } tensor && Floats.Of(tensor)[0] == 0;

    private sealed record KeyChoice(string Keys, string When, int? Reach);

    private sealed record Form(string Q, string K, string V, int Heads, int KeyHeads, float Scale, bool IsCausal)
    {
        public string? Mask { get; init; }

        /// <summary>The condition under which the mask is there.</summary>
        public string? When { get; init; }

        public int? Reach { get; init; }

        /// <summary>Rows that see no key are zeros; with ONNX Runtime they are so without it.</summary>
        public bool HasZeros { get; init; }

        /// <summary>Head size, as the values are laid out as texts: [batch, length, key heads x size].</summary>
        public int? HeadSize(AttentionFusion fusion)
        {
            if (Heads <= 0 || KeyHeads <= 0 || fusion.Producer(V, "Reshape") is not { } texts) return null;
            if (fusion.Producer(texts.Input[1], "Concat") is not { Input: [_, var sizes] }) return null;
            if (fusion.Whole(sizes) is not { } size) return null;
            return size % KeyHeads == 0 ? (int)(size / KeyHeads) : null;
        }
    }
}
