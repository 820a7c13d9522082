using Bunit;
using Tft.Contract.Messages;
using Tft.Dashboard.Models;
using Tft.Dashboard.Pages;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

/// <summary>The form that starts a training, and the training followed to its end.</summary>
[Trait("Ring", "component")]
public sealed class TrainTabTests : DashboardContext
{
    private FakeModels Models => Service.Models;

    [Fact]
    public async Task Train_WrongFields_AreMarkedAndNothingIsSent()
    {
        var page = OpenLoaded<ModelsPage>("/models?tab=train");
        await ChangeAsync(page, "#train-steps", "many");
        await ChangeAsync(page, "#train-hidden", "5");

        await ActAsync(page, "form", form => form.Submit());

        page.WaitForAssertion(() => Assert.Equal("▲ steps is 'many', expected a whole number", page.Find("#train-steps-note").TextContent), Eventually.Timeout);
        Assert.Contains("hidden is 5, expected an even number from 4 to 128", page.Find("#train-hidden-note").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.Find("#train-steps").GetAttribute("aria-invalid"));
        Assert.Empty(Models.Trainings);
    }

    [Fact]
    public async Task Train_Started_IsFollowedToItsOutcome()
    {
        var page = OpenLoaded<ModelsPage>($"/models?tab=train&from={FakeModels.Serving}");
        Assert.True(page.Find("#train-networks").HasAttribute("disabled"));
        await ChangeAsync(page, "#train-steps", "500");

        await ActAsync(page, "form", form => form.Submit());

        page.WaitForState(() => page.FindAll("#cancel-training").Count == 1, Eventually.Timeout);
        Assert.Equal((500, FakeModels.Serving, 2), (Models.Trainings.Single().Steps, Models.Trainings.Single().From, Models.Trainings.Single().Networks));
        Assert.True(page.Find("#start-training").HasAttribute("disabled"));

        Models.Change(j => j with { State = "training", Progress = new(1, 2, 250, 500, 25, 0.31, 350, 95) });
        page.WaitForState(() => page.Markup.Contains("25 %, about 1 min left", StringComparison.Ordinal), Eventually.Timeout);
        page.WaitForAssertion(() => Assert.Contains("Network 1 of 2, step 250 of 500; loss 0.310; 350 windows/s", page.Markup, StringComparison.Ordinal), Eventually.Timeout);

        Models.Change(j => j with { Progress = new(2, 2, 500, 500, 100, 0.3, 350, 0) });
        page.WaitForState(() => page.Markup.Contains("All steps are done", StringComparison.Ordinal), Eventually.Timeout);
        Models.Change(j => j with { State = "succeeded", Ended = DateTimeOffset.UtcNow, Model = "tft_model_20260302_000000", Promoted = false, Reason = "not ahead of it" });
        page.WaitForState(() => page.FindAll("#cancel-training").Count == 0, Eventually.Timeout);
        page.WaitForAssertion(() => Assert.Contains("has made tft_model_20260302_000000: not promoted.", page.Find("[role=status]").TextContent, StringComparison.Ordinal), Eventually.Timeout);
        Assert.Contains("not ahead of it", page.Find("#ended-title").ParentElement!.ParentElement!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_TooSoon_AsksBeforeItIsForced()
    {
        Models.TooSoon = "Not before 2026-03-02 14:00Z: the last one ended an hour ago.";
        var page = OpenLoaded<ModelsPage>("/models?tab=train");
        await ChangeAsync(page, "#train-unusual", true);

        await ActAsync(page, "form", form => form.Submit());
        page.WaitForState(() => page.FindAll("#confirm-dialog").Count == 1, Eventually.Timeout);
        page.WaitForAssertion(() => Assert.Contains(Models.TooSoon, page.Find("#confirm-dialog").TextContent, StringComparison.Ordinal), Eventually.Timeout);
        Assert.Empty(Models.Trainings);
        await ClickAsync(page, "#confirm-yes");

        page.WaitForState(() => page.FindAll("#confirm-dialog").Count == 0 && page.FindAll("#cancel-training").Count == 1, Eventually.Timeout);
        Assert.Equal((true, true, false), (Models.Trainings.Single().Force, Models.Trainings.Single().Unusual, Models.Trainings.Single().Stretch));
    }

    [Fact]
    public async Task Train_Cancel_AsksAndEndsIt()
    {
        Models.Jobs.Add(new() { Job = "train-9", State = "training", Data = "history", Started = DateTimeOffset.UtcNow });
        var page = OpenLoaded<ModelsPage>("/models?tab=train");

        await ClickAsync(page, "#cancel-training");
        Assert.Null(Models.Jobs[0].Ended);
        await ClickAsync(page, "#confirm-yes");

        page.WaitForState(() => page.FindAll("#confirm-dialog").Count == 0, Eventually.Timeout);
        Assert.Equal("cancelled", Models.Jobs[0].State);
        Assert.Contains("○cancelled", page.Markup.Replace("<i aria-hidden=\"true\">", "", StringComparison.Ordinal).Replace("</i>", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Form_LeftAlone_IsTheServicesStandard() => Assert.Equal(new TrainingRequest(), new TrainingForm().TryMake());
}
