using System.Globalization;

namespace ColbertOnnx.Inputs;

/// <summary>Which columns of a table hold text and id, and how many there are.</summary>
/// <param name="Text">Place of the text, from 0.</param>
/// <param name="Id">Place of the id; -1: there is none.</param>
/// <param name="Count">Fields of the header, or of the first row.</param>
internal readonly record struct InputColumns(int Text, int Id, int Count)
{
    private const int MostShown = 20;

    /// <param name="first">Fields of the first line.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: there is no such column, or more than one.</exception>
    public static InputColumns Of(IReadOnlyList<string> first, InputOptions options, char delimiter, string location)
    {
        var find = new Finder(first, options, delimiter, location);
        string? textOption = options.Words?.TextField, idOption = options.Words?.IdField;
        if (options.HasHeader)
        {
            int named = find.Named(options.TextField ?? "text", isNeeded: true, textOption);
            return new(
                named, options.HasIds ? find.Named(options.IdField ?? "id", options.IdField is not null, idOption) : -1, first.Count);
        }

        return find.Numbered(options.TextField, textOption) is { } text
            ? new(text, find.Numbered(options.IdField, idOption) ?? -1, first.Count)
            : throw InputErrors.Invalid(location, "nothing says which column holds the text.", $"Give its number, from 1: {textOption} 2.");
    }

    private sealed record Finder(IReadOnlyList<string> First, InputOptions Options, char Delimiter, string Location)
    {
        public int Named(string name, bool isNeeded, string? option)
        {
            int[] found = [.. First.Index().Where(field => field.Item == name).Select(field => field.Index)];
            if (found.Length > 1)
                throw InputErrors.Invalid(
                    Location,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"columns {string.Join(" and ", found.Select(place => place + 1))} are both called '{name}'."),
                    "Give each column a name of its own.");
            if (found.Length == 0 && isNeeded) throw Missing(name, option);
            return found.Length == 1 ? found[0] : -1;
        }

        /// <summary>The place of the column with that number; null when nothing was said.</summary>
        public int? Numbered(string? said, string? option)
        {
            if (said is null) return null;
            if (!int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number == 0)
                throw InputErrors.Invalid(
                    Location,
                    $"'{said}' is not the number of a column, and without a header columns have no names.",
                    $"Give the column's number, from 1: {option} 2.");
            return number <= First.Count
                ? number - 1
                : throw InputErrors.Invalid(
                    Location,
                    FormattableString.Invariant($"there is no column {number}: the first row has {First.Count}."),
                    "Give the column's number, from 1, and the right delimiter.");
        }

        private ColbertException Missing(string name, string? option)
        {
            string names = string.Join(", ", First.Take(MostShown).Select(field => $"'{field}'"));
            if (First.Count > MostShown) names += FormattableString.Invariant($" and {First.Count - MostShown} more");
            return InputErrors.Invalid(Location, $"there is no column '{name}' among {names}.", Action(name, option));
        }

        private string Action(string name, string? option)
        {
            if (Options.Words is not { } words) return $"Call the column '{name}' in the first line.";
            if (First.Count == 1 && Delimiters.Likely(First[0], Delimiter) is { } other)
                return $"Name the delimiter: {words.Delimiter} {Delimiters.NameOf(other)}.";
            string number = option == words.TextField
                ? $"the column's number: {option} 2"
                : $"the columns' numbers: {option} 1 {words.TextField} 2";
            return $"Name the column with {option}; where the first line is a text already and no header, give {words.NoHeader} "
                + $"and {number}.";
        }
    }
}
