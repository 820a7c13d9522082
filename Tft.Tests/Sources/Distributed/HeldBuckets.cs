using System.Globalization;
using Tft.Contract.Time;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Distributed;

/// <summary>What the service holds, bucket by bucket, beside what the ledger says it must.</summary>
/// <param name="client">Of the service, with its key.</param>
/// <param name="source">The source's name towards the service.</param>
/// <param name="servers">All of them.</param>
/// <param name="ledger">Gets the probes as well.</param>
internal sealed class HeldBuckets(HttpClient client, string source, IReadOnlyList<string> servers, Ledger ledger)
{
    /// <summary>The second of a bucket in which only probes have samples.</summary>
    public const int Probe = 1;

    /// <summary>Null where the ledger and the service agree, else the first difference.</summary>
    /// <param name="newest">Unix time of the newest row.</param>
    /// <param name="whole">All 288 steps of the window; else the last quarter of an hour.</param>
    public async Task<string?> DifferenceAsync(long newest, bool whole)
    {
        var last = await ProbeAsync(newest);
        var first = last - (whole ? TimeGrid.WindowSteps : 3) + 1;
        var expected = ledger.Buckets(first, last);
        var held = await HeldAsync(first, last);
        foreach (var (bucket, values) in expected)
        {
            if (!held.TryGetValue(bucket, out var there) || !values.IsLike(there))
                return $"{bucket.Server} in the bucket of {TimeGrid.StartOf(bucket.Step):HH:mm} must be {values}, and is {(there is null ? "not there" : there)}";
        }

        var extra = held.Keys.Except(expected.Keys).FirstOrDefault();
        return extra == default ? null : $"{extra.Server} has a bucket of {TimeGrid.StartOf(extra.Step):HH:mm} that no row is in";
    }

    /// <summary>
    /// One record of each server in the bucket after now, as if from this source: it closes what is open, and a closed bucket is shown, with what
    /// comes late to it. Returns the newest closed step.
    /// </summary>
    private async Task<long> ProbeAsync(long newest)
    {
        var step = TimeGrid.StepOf(DateTimeOffset.FromUnixTimeSeconds(Math.Max(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), newest))) + 1;
        var probes = servers.Select(s => Sample.Of(s, TimeGrid.StartSeconds(step) + Probe)).ToList();
        await Eventually.True(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/feed");
                request.Content = new StringContent($"[{string.Join(',', probes.Select(p => p.Json()))}]", null, "application/json");
                request.Headers.Add("X-Tft-Source", source);
                using var answer = await client.SendAsync(request);
                return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains("\"ok\"", StringComparison.Ordinal);
            },
            "the service takes the probes");
        ledger.Add(probes);
        return step - 1;
    }

    private async Task<Dictionary<(string Server, long Step), BucketValues>> HeldAsync(long first, long last)
    {
        var (from, to) = (TimeGrid.StartOf(first), TimeGrid.StartOf(last));
        var csv = await client.GetStringAsync(
            $"/history/export?format=csv&metric=cpu_user_pct,mem_used_pct,back_close_wait&from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&to={to.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        var held = new Dictionary<(string Server, long Step), BucketValues>();
        foreach (var line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            // timestamp,server_name,profile,state, and the metrics in the contract's order
            var cells = line.TrimEnd('\r').Split(',');
            var step = TimeGrid.StepOf(DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture));
            held.Add((cells[1], step), new BucketValues(Number(cells[4]), Number(cells[5]), Number(cells[6])));
        }

        return held;

        static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
