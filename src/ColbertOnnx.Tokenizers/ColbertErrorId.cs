namespace ColbertOnnx;

/// <summary>What went wrong, in one word that scripts may test for. It is the id of the error record and decides the exit code.</summary>
public enum ColbertErrorId
{
    /// <summary>There is no such model.</summary>
    ModelNotFound,

    /// <summary>A model lacks a file.</summary>
    ModelIncomplete,

    /// <summary>A graph cannot be used.</summary>
    ModelInvalid,

    /// <summary>A settings file cannot be read, or settings contradict each other.</summary>
    ConfigurationInvalid,

    /// <summary>A tokenizer file is damaged.</summary>
    TokenizerInvalid,

    /// <summary>A tokenizer has a part that is not known here.</summary>
    TokenizerUnsupported,

    /// <summary>A checkpoint is of a family that cannot be exported.</summary>
    ArchitectureUnsupported,

    /// <summary>Weights are damaged, missing or of another shape.</summary>
    WeightsInvalid,

    /// <summary>A native library or an add-on is not installed, or does not run here.</summary>
    NativeLibraryNotFound,

    /// <summary>An execution provider is not there, or runs nothing of the graph.</summary>
    ProviderUnavailable,

    /// <summary>The model could not be run, or gave NaN.</summary>
    InferenceFailed,

    /// <summary>There is too little memory.</summary>
    InsufficientMemory,

    /// <summary>A text, a file or an argument cannot be used.</summary>
    InputInvalid,

    /// <summary>Reference vectors cannot be used.</summary>
    ReferenceInvalid,

    /// <summary>Vectors are farther from the reference than allowed.</summary>
    ParityMissed,

    /// <summary>Speed is below the stored one.</summary>
    BaselineMissed,

    /// <summary>An output is there already.</summary>
    OutputExists,

    /// <summary>An output cannot be written.</summary>
    OutputFailed,

    /// <summary>Another process is writing the output at present.</summary>
    OutputHeld,
}
