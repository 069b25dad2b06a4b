namespace ColbertOnnx.Modeling;

/// <summary>
/// The lengths of queries and documents beside the positions that a model has: a longer sequence would fail in the graph.
/// </summary>
internal static class SequenceLengths
{
    // Lengths from there are only what the model takes, and no wish of a user.
    private static readonly string[] Silent = [SettingSource.Default, "config.json", "tokenizer_config.json"];

    /// <summary>The longest that a file or an argument asks for; 0: none does.</summary>
    public static int Longest(ColbertSettings settings) =>
        new[] { settings.QueryLength, settings.DocumentLength }.Where(IsAskedFor).Select(length => length.Value).DefaultIfEmpty().Max();

    /// <summary>
    /// The settings with lengths that the model has positions for. A length that is no wish of a user becomes as long as they are.
    /// </summary>
    /// <param name="settings">As they were read.</param>
    /// <param name="positions">Most tokens of a sequence; null: any number, or not known.</param>
    /// <param name="folder">Where the settings' files are.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>: a file asks for a longer one;
    /// <see cref="ColbertErrorId.InputInvalid"/>: an argument does.</exception>
    public static ColbertSettings Fit(ColbertSettings settings, int? positions, string folder)
    {
        // Expansion fills a query up whatever its text is.
        if (settings.QueryExpansion.Value != QueryExpansion.Off && !(settings.ExpansionLength.Value <= Limits.MostPositions))
        {
            settings = settings with
            {
                QueryLength = FitQuery(
                    Limits.MostPositions,
                    FormattableString.Invariant(
                        $"an expanded query has {Limits.MostPositions} tokens at most (the limit {nameof(Limits.MostPositions)})")),
            };
        }

        if (positions is not { } most) return settings;
        string has = FormattableString.Invariant($"the model has {most} positions, one for each token of a sequence");
        return settings with
        {
            QueryLength = FitQuery(most, has),
            DocumentLength = Fit(
                settings.DocumentLength, nameof(settings.DocumentLength), "document_length", "doc_maxlen", most, has, folder),
        };

        Setting<int> FitQuery(int limit, string why) =>
            Fit(settings.QueryLength, nameof(settings.QueryLength), "query_length", "query_maxlen", limit, why, folder);
    }

    private static Setting<int> Fit(
        Setting<int> length, string argument, string field, string older, int most, string positions, string folder)
    {
        if (length.Value <= most) return length;
        if (!IsAskedFor(length)) return length with { Value = most };
        if (length.Source == SettingSource.Argument)
            throw new ColbertException(
                ColbertErrorId.InputInvalid, FormattableString.Invariant($"{argument} is {length.Value}, but {positions}."), argument,
                FormattableString.Invariant($"Give {argument} a value of at most {most}."));
        string name = length.Source == StanfordSettings.FileName ? older : field;
        throw new ColbertException(
            ColbertErrorId.ConfigurationInvalid,
            FormattableString.Invariant($"{name} of {length.Source} is {length.Value}, but {positions}."),
            Path.Combine(folder, length.Source),
            FormattableString.Invariant($"Correct {name} in the file: it can be {most} at most."));
    }

    private static bool IsAskedFor(Setting<int> length) => !Silent.Contains(length.Source);
}
