using System.Globalization;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>The errors of references, in one voice: where, what, what to do.</summary>
internal static class ReferenceErrors
{
    public const string Again = "Make the reference again, or copy it again.";

    public static ColbertException Invalid(string location, string what, string action = Again, Exception? inner = null) =>
        new(ColbertErrorId.ReferenceInvalid, $"{location}: {what}", location, action, inner);

    public static ColbertException Dimension(string location, int there, int here, string of) => Invalid(
        location,
        string.Create(CultureInfo.InvariantCulture, $"its dimension is {there}, and that of {of} {here}."),
        "Give the reference of this model.");

    /// <summary>Errors of files that a reference is made of are the reference's: whoever reads them says so in his own voice.</summary>
    public static IEnumerable<T> Guard<T>(IEnumerable<T> items)
    {
        using IEnumerator<T> each = Do(items.GetEnumerator);
        while (Do(each.MoveNext)) yield return each.Current;
    }

    public static void Do(Action check) => Do(() =>
    {
        check();
        return true;
    });

    public static T Do<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ColbertException error) when (error.Id is ColbertErrorId.InputInvalid or ColbertErrorId.WeightsInvalid)
        {
            throw new ColbertException(ColbertErrorId.ReferenceInvalid, error.Message, error.Target, error.Action, error);
        }
    }
}
