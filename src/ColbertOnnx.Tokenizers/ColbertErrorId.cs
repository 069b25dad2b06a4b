namespace ColbertOnnx;

/// <summary>What went wrong, in one word that scripts may test for. It is the id of the error record and decides the exit code.</summary>
public enum ColbertErrorId
{
    ModelNotFound,
    ModelIncomplete,
    ModelInvalid,
    ConfigurationInvalid,
    TokenizerInvalid,
    TokenizerUnsupported,
    ArchitectureUnsupported,
    WeightsInvalid,
    NativeLibraryNotFound,
    ProviderUnavailable,
    InferenceFailed,
    InsufficientMemory,
    InputInvalid,
    ReferenceInvalid,
    ParityMissed,
    BaselineMissed,
    OutputExists,
    OutputFailed,
}
