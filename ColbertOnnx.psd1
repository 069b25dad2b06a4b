@{
    RootModule = 'module/ColbertOnnx.psm1'
    ModuleVersion = '0.2.0'
    GUID = '5b3a7f0e-8f0d-4f2b-9a54-0f5a0a9b6c11'
    Author = 'The ColbertPS authors'
    CompanyName = 'ColbertPS'
    Copyright = '(c) 2026 The ColbertPS authors. MIT licence.'
    Description = 'ColBERT (late interaction) embeddings in PowerShell: encode queries and documents with ONNX Runtime, score them with MaxSim. No Python.'
    PowerShellVersion = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess = @('module/ColbertOnnx.Format.ps1xml')
    TypesToProcess = @('module/ColbertOnnx.Types.ps1xml')
    CmdletsToExport = @('Import-ColbertModel', 'Get-ColbertModel', 'Remove-ColbertModel', 'ConvertTo-ColbertEmbedding', 'ConvertTo-ColbertToken',
        'Export-ColbertModel', 'Optimize-ColbertModel', 'Measure-ColbertThroughput', 'Measure-ColbertSimilarity', 'Export-ColbertHeatmap',
        'Get-ColbertExecutionProvider', 'Export-ColbertEmbedding', 'Import-ColbertEmbedding', 'Merge-ColbertEmbedding', 'Test-ColbertParity', 'New-ColbertReference')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    PrivateData = @{
        PSData = @{
            Tags = @('ColBERT', 'embedding', 'retrieval', 'search', 'ONNX', 'MaxSim', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
