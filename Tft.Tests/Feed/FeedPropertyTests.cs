using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tft.Contract.Problems;

namespace Tft.Tests.Feed;

/// <summary>Any batch at all, through the real server.</summary>
[Trait("Ring", "service")]
public sealed class FeedPropertyTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Fact]
    public void Feed_AnyBatch_CountsAddUpAndNothingElseThanTheContractAnswers() =>
        Prop.ForAll(Bodies(), body =>
        {
            var (status, answer) = feed.PostAsync(Encoding.UTF8.GetBytes(body)).GetAwaiter().GetResult();
            if (status == 200)
            {
                Assert.Equal(
                    answer.GetProperty("received").GetInt32(),
                    answer.GetProperty("accepted").GetInt32() + answer.GetProperty("duplicates").GetInt32() + answer.GetProperty("rejected").GetArrayLength());
                Assert.Equal(answer.GetProperty("rejected").GetArrayLength() == 0 ? "ok" : "partial", answer.GetProperty("status").GetString());
                Assert.Equal(
                    answer.GetProperty("rejected").EnumerateArray().Select(r => r.GetProperty("index").GetInt32()).Order().Distinct(),
                    answer.GetProperty("rejected").EnumerateArray().Select(r => r.GetProperty("index").GetInt32()));
                return;
            }

            Assert.Equal(400, status);
            Assert.Contains(answer.GetProperty("code").GetString(), new[] { ProblemCodes.NotJson, ProblemCodes.NoneAcceptable });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static Arbitrary<string> Bodies()
    {
        var time = Gen.OneOf(
            Gen.Choose(-100_000, 400).Select(s => $"\"{DateTimeOffset.UtcNow.AddSeconds(s):yyyy-MM-ddTHH:mm:ssZ}\""),
            Gen.Choose(-600, 0).Select(s => $"\"{DateTimeOffset.UtcNow.AddSeconds(s):yyyy-MM-ddTHH:mm:ssZ}\""),
            Gen.Elements("null", "\"never\"", "5"));
        var name = Gen.Elements("\"a\"", "\"b\"", "\"c\"", "\"\"", "null", "\"\\u00e9\"");
        var value = Gen.Elements("1", "0.5", "-1", "NaN", "\"x\"", "1e999", "100.0001", "null");
        var record =
            from t in time
            from n in name
            from v in value
            select $$"""{"timestamp":{{t}},"server_name":{{n}},"cpu_user_pct":{{v}}}""";
        var element = Gen.Frequency((20, record), (1, Gen.Elements("1", "[]", "{}", "null")));
        return (from elements in Gen.ArrayOf(element) from tail in Gen.Frequency((20, Gen.Constant("]")), (1, Gen.Elements("", "}", "]x"))) select $"[{string.Join(',', elements)}{tail}").ToArbitrary();
    }
}
