# The manifest that the tests import: the repository's, or the one that COLBERT_TEST_MODULE names (an installed package's).
if ($env:COLBERT_TEST_MODULE) { (Resolve-Path -LiteralPath $env:COLBERT_TEST_MODULE).ProviderPath } else { "$(Split-Path $PSScriptRoot)/ColbertOnnx.psd1" }
