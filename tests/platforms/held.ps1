# On Windows a file that is open without sharing can neither be read nor replaced. Held until the run that wants it is over.
$held = [IO.File]::Open("$PWD/held.npz", 'Open', 'Read', 'None')
[IO.File]::WriteAllText("$PWD/held.open", '')
while (-not [IO.File]::Exists("$PWD/held.close")) { Start-Sleep -Milliseconds 100 }
$held.Dispose()
