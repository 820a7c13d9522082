<#
Forwards metrics to Tft. PowerShell 7, no modules.

    pwsh forward.ps1             this machine's metrics (Windows, Linux), every TFT_INTERVAL seconds
    pwsh forward.ps1 --once      one reading, then ends
    ... | pwsh forward.ps1 -     records from standard input, one JSON object a line

A slow stream's last lines wait for the next line or the end of the input. Settings are environment variables; docs/integration.md lists them.
#>

# PowerShell itself reads standard input and hands it on line by line: hence the three blocks.
begin {
    Set-StrictMode -Version 3
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'

    function Get-Setting([string] $Name, [string] $Otherwise) {
        $text = [Environment]::GetEnvironmentVariable($Name)
        if ($text) { $text } else { $Otherwise }
    }

    function Write-Line([string] $Text) { [Console]::Error.WriteLine($Text) }

    $mode = "$args"
    $machine = [Environment]::MachineName
    $url = (Get-Setting 'TFT_URL' 'http://localhost:8000').TrimEnd('/') + '/feed'
    $key = Get-Setting 'TFT_API_KEY' ''
    $source = Get-Setting 'TFT_SOURCE' "forward-$machine"
    # .NET has a working folder of its own: an absolute path is the same for both.
    $spool = [IO.Path]::GetFullPath((Get-Setting 'TFT_SPOOL' 'tft-spool'), $PWD.ProviderPath)
    $refused = Join-Path $spool 'refused'
    $spoolMax = [int](Get-Setting 'TFT_SPOOL_MAX' '1000')
    $batchSize = [int](Get-Setting 'TFT_BATCH' '500')
    $interval = [TimeSpan]::FromSeconds([double]::Parse((Get-Setting 'TFT_INTERVAL' '5'), [cultureinfo]::InvariantCulture))

    $batch = [Collections.Generic.List[string]]::new()
    $script:batchEnds = [DateTime]::MinValue
    $script:number = 0
    $script:failures = 0
    $script:retryAt = [DateTime]::MinValue

    function Get-Waiting([string] $Folder = $spool) {
        $files = [IO.Directory]::GetFiles($Folder, '*.json')
        [Array]::Sort($files, [StringComparer]::Ordinal)
        , $files
    }

    function Remove-Oldest([string] $Folder, [bool] $Say) {
        $files = Get-Waiting $Folder
        for ($i = 0; $i -lt $files.Count - $spoolMax; $i++) {
            if ($Say) { Write-Line "dropped $($files[$i]): more than $spoolMax batches wait" }
            [IO.File]::Delete($files[$i])
        }
    }

    # A batch is its records as they came, one a line between the brackets, so that splitting changes no number.
    function Write-Batch([string] $Name, [string[]] $Records) {
        $file = Join-Path $spool "$Name.json"
        [IO.File]::WriteAllText("$file.part", "[`n" + ($Records -join ",`n") + "`n]")
        [IO.File]::Move("$file.part", $file, $true)
    }

    # What is not acknowledged yet: a file for each batch, so that it survives a kill.
    function Save-Batch([string[]] $Records) {
        $script:number++
        Write-Batch ('{0}-{1:000000}' -f [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds(), $script:number) $Records
        Remove-Oldest $spool $true
    }

    # The whole goes last: a kill between costs a repetition and no record.
    function Split-Batch([string] $File, [string[]] $Records) {
        $name = [IO.Path]::GetFileNameWithoutExtension($File)
        $half = [int][Math]::Floor($Records.Count / 2)
        Write-Batch "$name-a" $Records[0..($half - 1)]
        Write-Batch "$name-b" $Records[$half..($Records.Count - 1)]
        [IO.File]::Delete($File)
    }

    function Move-Aside([string] $File, [string] $Why) {
        $aside = Join-Path $refused ([IO.Path]::GetFileName($File))
        [IO.File]::Move($File, $aside, $true)
        Write-Line "refused ($Why), put aside: $aside"
        Remove-Oldest $refused $false
    }

    function Send-Batch([string] $Body) {
        try {
            $answer = Invoke-WebRequest -Uri $url -Method Post -Body ([Text.Encoding]::UTF8.GetBytes($Body)) -ContentType 'application/json' `
                -Headers @{ 'X-API-Key' = $key; 'X-Tft-Source' = $source } -TimeoutSec 30 -SkipHttpErrorCheck
            $text = if ($answer.Content -is [byte[]]) { [Text.Encoding]::UTF8.GetString($answer.Content) } else { $answer.Content }
            $json = try { ConvertFrom-Json $text -AsHashtable } catch { @{} } # a proxy's page: the status says enough
            if ($json -isnot [Collections.IDictionary]) { $json = @{} }
            $retryAfter = if ($answer.Headers.ContainsKey('Retry-After')) { "$($answer.Headers['Retry-After'])" } else { '' }
            @{ Status = [int] $answer.StatusCode; Json = $json; RetryAfter = $retryAfter }
        }
        catch {
            @{ Status = 0; Json = @{ code = $_.Exception.Message }; RetryAfter = '' }
        }
    }

    # Seconds: what Retry-After says, at most five minutes of it, else full jitter below a ceiling that doubles up to a minute.
    function Get-Pause([string] $RetryAfter) {
        if ($RetryAfter -match '^\d{1,9}$') { return [Math]::Min([int] $RetryAfter, 300) }
        0.1 + [Random]::Shared.NextDouble() * [Math]::Min(60, 0.5 * [Math]::Pow(2, [Math]::Min($script:failures, 10)))
    }

    function Write-Rejected($Json) {
        foreach ($r in @($Json['rejected'])) {
            if ($r) { Write-Line "rejected $($r['server_name']): $($r['code']): $($r['message'])" }
        }
    }

    # Sends what waits, oldest first; sets retryAt where the service can't take it now.
    function Send-Waiting {
        while (($files = Get-Waiting).Count -gt 0) {
            $file = $files[0]
            $body = [IO.File]::ReadAllText($file)
            $answer = Send-Batch $body
            $status = $answer.Status
            $code = "$status $($answer.Json['code'])"
            $records = @($body.Split("`n") | Select-Object -Skip 1 | Select-Object -SkipLast 1 | ForEach-Object { $_ -replace ',$' })
            if ($status -eq 200) {
                Write-Rejected $answer.Json
                [IO.File]::Delete($file)
            }
            elseif ($status -eq 413 -and $records.Count -gt 1) { Split-Batch $file $records }
            elseif ($status -in 400, 413) {
                Write-Rejected $answer.Json
                Move-Aside $file $code
            }
            elseif ($status -in 0, 408, 429 -or $status -ge 500) {
                $seconds = Get-Pause $answer.RetryAfter
                $script:failures++
                $script:retryAt = [DateTime]::UtcNow.AddSeconds($seconds)
                Write-Line ('{0}: again in {1:0.0} s; {2} batches wait' -f $code, $seconds, $files.Count)
                return
            }
            else {
                Write-Line "${code}: $($answer.Json['detail']) Check TFT_API_KEY and TFT_URL ($url); $($files.Count) batches stay in $spool."
                exit 1
            }
            $script:failures = 0
        }
        $script:retryAt = [DateTime]::MinValue
    }

    function Wait-Until([DateTime] $Time) {
        $ms = ($Time - [DateTime]::UtcNow).TotalMilliseconds
        if ($ms -gt 0) { Start-Sleep -Milliseconds ([int][Math]::Ceiling($ms)) }
    }

    function Add-Line([string] $Line) {
        if (-not $Line.Trim()) { return }
        if (-not (Test-Json $Line -ErrorAction SilentlyContinue)) {
            Write-Line "not JSON: $($Line.Substring(0, [Math]::Min(80, $Line.Length)))"
            return
        }
        if ($batch.Count -eq 0) { $script:batchEnds = [DateTime]::UtcNow.AddSeconds([Math]::Min(1, $interval.TotalSeconds)) }
        $batch.Add($Line.Trim())
        if ($batch.Count -lt $batchSize -and [DateTime]::UtcNow -lt $script:batchEnds) { return }
        Send-Lines
        # No line is taken while the spool is full: a pipe can wait, so nothing of it is dropped.
        while ((Get-Waiting).Count -ge $spoolMax) {
            Wait-Until $script:retryAt
            Send-Waiting
        }
    }

    function Send-Lines {
        if ($batch.Count -gt 0) { Save-Batch $batch.ToArray() }
        $batch.Clear()
        if ([DateTime]::UtcNow -ge $script:retryAt) { Send-Waiting }
    }

    # User, nice, system, idle, iowait, irq, softirq, steal.
    function Get-CpuTicks {
        if ($IsLinux) { , @((Get-Content /proc/stat -TotalCount 1) -split ' +' | Select-Object -Skip 1 -First 8 | ForEach-Object { [double] $_ }) }
        else { , @() }
    }

    function Get-LinuxValues($Before, $Now) {
        $spent = 0..7 | ForEach-Object { $Now[$_] - $Before[$_] }
        $total = [Math]::Max(($spent | Measure-Object -Sum).Sum, 1)
        $memory = @{}
        foreach ($line in Get-Content /proc/meminfo) { $parts = $line -split '[: ]+'; $memory[$parts[0]] = [double] $parts[1] }
        @{
            cpu_user_pct = 100 * ($spent[0] + $spent[1]) / $total
            cpu_sys_pct = 100 * ($spent[2] + $spent[5] + $spent[6] + $spent[7]) / $total
            cpu_idle_pct = 100 * $spent[3] / $total
            cpu_iowait_pct = 100 * $spent[4] / $total
            mem_used_pct = 100 * (1 - $memory.MemAvailable / $memory.MemTotal)
            swap_used_pct = if ($memory.SwapTotal -gt 0) { 100 * (1 - $memory.SwapFree / $memory.SwapTotal) } else { 0 }
            load_average = [double] ((Get-Content /proc/loadavg) -split ' ')[0]
        }
    }

    function Get-WindowsValues {
        $cpu = Get-CimInstance Win32_PerfFormattedData_PerfOS_Processor -Filter "Name = '_Total'"
        $memory = Get-CimInstance Win32_OperatingSystem
        $nets = @(Get-CimInstance Win32_PerfFormattedData_Tcpip_NetworkInterface)
        @{
            cpu_user_pct = [double] $cpu.PercentUserTime
            cpu_sys_pct = [double] $cpu.PercentPrivilegedTime
            cpu_idle_pct = [double] $cpu.PercentIdleTime
            mem_used_pct = 100 * (1 - $memory.FreePhysicalMemory / $memory.TotalVisibleMemorySize)
            net_in_mb_s = ($nets | Measure-Object BytesReceivedPersec -Sum).Sum / 1e6
            net_out_mb_s = ($nets | Measure-Object BytesSentPersec -Sum).Sum / 1e6
        }
    }

    function Get-Reading($Before, $Now) {
        $values = if ($IsLinux) { Get-LinuxValues $Before $Now } elseif ($IsWindows) { Get-WindowsValues } else { @{} }
        $drive = [IO.DriveInfo]::new($(if ($IsWindows) { $env:SystemDrive } else { '/' }))
        $values.disk_usage_pct = 100 * (1 - $drive.TotalFreeSpace / $drive.TotalSize)
        $values.uptime_days = [Environment]::TickCount64 / 86400000
        $record = @{ timestamp = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [cultureinfo]::InvariantCulture); server_name = $machine }
        foreach ($name in $values.Keys) {
            # What lies outside its range, because counters stepped back, is left out, not bent.
            if ($values[$name] -ge 0 -and ($values[$name] -le 100 -or $name -notlike '*_pct')) { $record[$name] = $values[$name] }
        }
        ConvertTo-Json $record -Compress
    }

    function Send-Machine([bool] $Once) {
        $before = Get-CpuTicks
        $nextAt = [DateTime]::UtcNow + $(if ($Once) { [TimeSpan]::FromSeconds(1) } else { $interval })
        while ($nextAt -lt [DateTime]::MaxValue -or (Get-Waiting).Count -gt 0) {
            Wait-Until $(if ($script:retryAt -gt [DateTime]::MinValue -and $script:retryAt -lt $nextAt) { $script:retryAt } else { $nextAt })
            if ([DateTime]::UtcNow -ge $nextAt) {
                $now = Get-CpuTicks
                Save-Batch @(Get-Reading $before $now)
                $before = $now
                $nextAt = if ($Once) { [DateTime]::MaxValue } else { [DateTime]::new([Math]::Max(($nextAt + $interval).Ticks, [DateTime]::UtcNow.Ticks), 'Utc') }
            }
            if ([DateTime]::UtcNow -ge $script:retryAt) { Send-Waiting }
        }
    }

    if (-not $key) {
        Write-Line 'TFT_API_KEY is not set.'
        exit 1
    }
    [void] [IO.Directory]::CreateDirectory($refused)
    if ($mode -ne '-') {
        Send-Machine ($mode -eq '--once')
        exit 0
    }
}

process {
    Add-Line "$_"
}

end {
    Send-Lines
    while ((Get-Waiting).Count -gt 0) {
        Wait-Until $script:retryAt
        Send-Waiting
    }
    exit 0
}
