using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Output;

internal static class ErrorRecords
{
    /// <summary>The record's id is the error's, its target what it is about, and what to do is its recommended action.</summary>
    public static ErrorRecord From(ColbertException error, object? target)
    {
        var record = new ErrorRecord(error, error.Id.ToString(), CategoryOf(error.Id), target ?? error.Target)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.Action },
        };
        // Views of errors show the target by this name; the object itself stays what it is.
        record.CategoryInfo.TargetName = ShownText.Of(record.CategoryInfo.TargetName);
        return record;
    }

    internal static ErrorCategory CategoryOf(ColbertErrorId id) => id switch
    {
        ColbertErrorId.ModelNotFound => ErrorCategory.ObjectNotFound,
        ColbertErrorId.ModelIncomplete or ColbertErrorId.NativeLibraryNotFound => ErrorCategory.NotInstalled,
        ColbertErrorId.TokenizerUnsupported or ColbertErrorId.ArchitectureUnsupported => ErrorCategory.NotImplemented,
        ColbertErrorId.ProviderUnavailable => ErrorCategory.ResourceUnavailable,
        ColbertErrorId.InsufficientMemory => ErrorCategory.ResourceUnavailable,
        ColbertErrorId.InferenceFailed => ErrorCategory.OperationStopped,
        ColbertErrorId.OutputExists => ErrorCategory.ResourceExists,
        ColbertErrorId.OutputFailed => ErrorCategory.WriteError,
        ColbertErrorId.OutputHeld => ErrorCategory.ResourceBusy,
        ColbertErrorId.ParityMissed or ColbertErrorId.BaselineMissed => ErrorCategory.LimitsExceeded,
        _ => ErrorCategory.InvalidData,
    };
}
