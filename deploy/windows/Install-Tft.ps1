#Requires -RunAsAdministrator
<#
.SYNOPSIS
Runs the published services of Tft from the start of the machine, as scheduled tasks, or removes them.
.DESCRIPTION
The programs are plain console programs: the service control manager would end them after 30 seconds, for they do not
answer it. A task that starts with the machine, restarts on failure and has no time limit does what a service would.
.PARAMETER Root
The folder with inference\, adapters\ and dashboard\.
.PARAMETER Sources
The adapters to run, one task each.
.PARAMETER Remove
Stops and deletes the tasks. Data and key stay.
#>
[CmdletBinding()]
param(
    [string] $Root = 'C:\Program Files\Tft',
    [string[]] $Sources = @(),
    [switch] $Remove
)

$ErrorActionPreference = 'Stop'
$folder = '\Tft\'
$data = Join-Path $env:ProgramData 'Tft'

function Remove-TftTasks {
    Get-ScheduledTask -TaskPath $folder -ErrorAction SilentlyContinue | ForEach-Object {
        Stop-ScheduledTask -InputObject $_
        Unregister-ScheduledTask -InputObject $_ -Confirm:$false
    }
}

function Install-TftTask([string] $Name, [string] $Program, [string] $Arguments) {
    $exe = Join-Path $Root $Program
    if (-not (Test-Path $exe)) { throw "$exe is missing: publish first." }

    # The data folder is the working folder: the services look there for .env and keep their files there
    $action = New-ScheduledTaskAction -Execute $exe -Argument $Arguments -WorkingDirectory $data
    $trigger = New-ScheduledTaskTrigger -AtStartup
    $account = New-ScheduledTaskPrincipal -UserId 'NT AUTHORITY\LOCAL SERVICE' -LogonType ServiceAccount
    $settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) `
        -ExecutionTimeLimit ([TimeSpan]::Zero) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -MultipleInstances IgnoreNew
    Register-ScheduledTask -TaskPath $folder -TaskName $Name -Action $action -Trigger $trigger -Principal $account -Settings $settings | Out-Null
    Start-ScheduledTask -TaskPath $folder -TaskName $Name
}

if ($Remove) {
    Remove-TftTasks
    return
}

foreach ($source in $Sources) {
    if ($source -notmatch '^[a-z](-?[a-z0-9])*$') { throw "'$source' is no source name." }
}

# Key and data: administrators and the account of the tasks, nobody else (names by SID, for they are translated)
New-Item -ItemType Directory -Force -Path $data | Out-Null
& icacls.exe $data /inheritance:r /grant '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' '*S-1-5-19:(OI)(CI)M' | Out-Null
if ($LASTEXITCODE -ne 0) { throw "icacls.exe could not protect $data ($LASTEXITCODE)." }
$keyFile = Join-Path $data '.env'
if (-not (Test-Path $keyFile)) {
    $bytes = New-Object byte[] 32
    $random = [Security.Cryptography.RandomNumberGenerator]::Create()
    $random.GetBytes($bytes)
    $random.Dispose()
    Set-Content -Path $keyFile -Encoding ascii -Value ('TFT_API_KEY=tft_' + (-join ($bytes | ForEach-Object { $_.ToString('x2') })))
}

Remove-TftTasks
$url = 'http://127.0.0.1:8000'
Install-TftTask 'Inference' 'inference\Tft.Inference.exe' '--port 8000'
Install-TftTask 'Dashboard' 'dashboard\Tft.Dashboard.exe' "--contentRoot `"$(Join-Path $Root 'dashboard')`" --urls http://127.0.0.1:8501 --Tft:InferenceUrl=$url"
foreach ($source in $Sources) {
    Install-TftTask "Adapter $source" 'adapters\Tft.Adapters.exe' "$source --url $url"
}
Get-ScheduledTask -TaskPath $folder
