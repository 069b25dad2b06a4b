# What the module does on another platform; the same script runs on Linux x64, and run.sh compares what both say and write.
param([string] $Manifest)
$ErrorActionPreference = 'Stop'
Import-Module $Manifest
(Get-Command -Module ColbertOnnx).Name
$documents = 'Größe und Maß', 'plain text', '日本語' | ConvertTo-ColbertEmbedding -Document
# Tables by all of their rows: by itself PowerShell measures what comes within 300 ms, and cuts the rest to that.
$documents | Format-Table -AutoSize Kind, Dimension, Text
$query = 'large size' | ConvertTo-ColbertEmbedding -Query
$documents | Measure-ColbertSimilarity -Query $query | Format-Table -AutoSize
$null = $documents | Export-ColbertEmbedding -Path module.npz
(Import-ColbertEmbedding module.npz | Measure-ColbertSimilarity -Query $query).Score
try { Import-ColbertModel nothing } catch { $_.FullyQualifiedErrorId }
$model = Import-ColbertModel model
'texts' | ConvertTo-ColbertEmbedding -Document -Model $model -IncludeToken | Format-Table -AutoSize Kind, Dimension, Text
Remove-ColbertModel $model
Remove-Module ColbertOnnx
