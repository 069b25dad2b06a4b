namespace ColbertOnnx.Runtime.Providers;

/// <summary>Opens something with the providers that were asked for, and with fewer where one is missing; keeps why.</summary>
internal sealed class ProviderOpening(ProviderRequest request, ProviderCheck check)
{
    private readonly List<ProviderUse> uses = [.. request.Uses];
    private readonly List<string> warnings = [];

    /// <summary>The providers that it is open with.</summary>
    public IReadOnlyList<ProviderUse> Uses => uses;

    /// <summary>What was missing, a sentence for each provider.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <param name="open">Throws <see cref="ProviderException"/> for a provider that does not work.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ProviderUnavailable"/>: one is missing, and must not be. Else what
    /// <paramref name="open"/> throws.</exception>
    public T Open<T>(Func<IReadOnlyList<ProviderUse>, T> open)
    {
        foreach (ProviderUse use in request.Uses)
        {
            if (check.WhyNot(use.Rules) is { } reason) Drop(use, reason, null);
        }

        while (true)
        {
            try
            {
                return open(uses);
            }
            catch (ProviderException e) when (uses.Contains(e.Use))
            {
                Drop(e.Use, e.Message, e);
            }
        }
    }

    /// <summary>Looks at what the open session says: a provider that got nothing, or hardly anything, is reported.</summary>
    /// <returns>False when none of them runs anything.</returns>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ProviderUnavailable"/>: none of those that must run anything
    /// does.</exception>
    public bool Check(IReadOnlyList<ColbertProviderShare> shares)
    {
        if (uses.Count == 0) return true;
        string wanted = string.Join(", ", uses.Select(use => use.Rules.Name));
        ColbertProviderShare[] run = [.. shares.Where(share => uses.Exists(use => use.Rules.IsNamed(share.Name)))];
        string assigned = shares.Count == 0 ? "the session does not report the assigned execution providers" : string.Join("; ", shares);
        if (run.Sum(share => share.Nodes) == 0)
        {
            string message = $"{wanted} was opened, but runs nothing of this graph: {assigned}.";
            if (request.IsRequired)
                throw Unavailable(message, wanted, null, "Use another provider or another graph (FP32 and INT8 differ), or allow the CPU.");
            warnings.Add(message);
            return false;
        }

        int products = shares.Sum(share => share.MatrixProducts);
        if (2 * run.Sum(share => share.MatrixProducts) < products) warnings.Add($"Most of the work is not done by {wanted}: {assigned}.");
        return true;
    }

    private void Drop(ProviderUse use, string reason, Exception? inner)
    {
        uses.Remove(use);
        string message = $"{use.Rules.Name} is not available: {reason}{(reason.EndsWith('.') ? "" : ".")}";
        if (request.IsRequired) throw Unavailable(message, use.Rules.Name, inner, check.Install(use.Rules));
        warnings.Add(uses.Count == 0
            ? $"{message} The model runs on the CPU."
            : $"{message} The model is opened with {string.Join(", ", uses.Select(u => u.Rules.Name))}.");
    }

    private static ColbertException Unavailable(string message, string target, Exception? inner, string action) =>
        new(ColbertErrorId.ProviderUnavailable, message, target, action, inner);
}
