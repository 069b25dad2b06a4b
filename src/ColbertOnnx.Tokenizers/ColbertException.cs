namespace ColbertOnnx;

/// <summary>
/// Every failure that a user can do something about: what was wrong, with which file or text, and what to do. What files, models and
/// servers put into its sentences is shown escaped and cut; <see cref="Target"/> is as it is.
/// </summary>
public sealed class ColbertException : Exception
{
    /// <summary>An error; the message is made fit to be shown.</summary>
    public ColbertException(ColbertErrorId id, string message, string? target = null, string? action = null, Exception? inner = null)
        : base(ShownText.Message(ShownNames.In(message)), inner)
    {
        Id = id;
        Target = target is null ? null : ShownNames.In(target);
        Action = action is null ? null : ShownText.Message(action);
    }

    /// <summary>What kind of error it is: stable, for programs.</summary>
    public ColbertErrorId Id { get; }

    /// <summary>The file, folder or text that it is about.</summary>
    public string? Target { get; }

    /// <summary>What to do about it: one sentence in the imperative.</summary>
    public string? Action { get; }

    /// <summary>
    /// The command's exit code: 1 the answer is no, 2 wrong usage or input, 3 the machine cannot, 75 somebody else is at it: later it may
    /// go.
    /// </summary>
    public int ExitCode => Id switch
    {
        ColbertErrorId.ParityMissed or ColbertErrorId.BaselineMissed => 1,
        ColbertErrorId.NativeLibraryNotFound or ColbertErrorId.ProviderUnavailable or ColbertErrorId.InferenceFailed
            or ColbertErrorId.InsufficientMemory or ColbertErrorId.OutputFailed => 3,

        // EX_TEMPFAIL of sysexits.h, by which schedulers know what is worth another try.
        ColbertErrorId.OutputHeld => 75,
        _ => 2,
    };
}
