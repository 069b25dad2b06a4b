using System.Globalization;

namespace ColbertOnnx;

/// <summary>Numbers that a caller gave.</summary>
internal static class GivenNumber
{
    /// <param name="least">The smallest value that makes sense.</param>
    /// <param name="value">What was given; null: nothing was.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it is less.</exception>
    public static void Check(int least, int? value, string name)
    {
        if (value >= least || value is null) return;
        throw new ColbertException(
            ColbertErrorId.InputInvalid,
            string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but the smallest that makes sense is {least}."),
            name, string.Create(CultureInfo.InvariantCulture, $"Give {name} a value of at least {least}, or leave it out."));
    }
}
