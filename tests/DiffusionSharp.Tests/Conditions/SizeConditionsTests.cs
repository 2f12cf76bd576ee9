using DiffusionSharp.Conditions;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Conditions;

/// <summary>The sizes that SDXL is told, of 16 rows and 32 columns by default; the first half of what the network gets is the unconditional one.</summary>
public sealed class SizeConditionsTests
{
    [Fact]
    public void By_default_a_picture_is_whole_and_of_its_own_size() => AssertIds([16, 32, 0, 0, 16, 32], [16, 32, 0, 0, 16, 32], false);

    [Fact]
    public void A_request_says_otherwise() => AssertIds(
        [512, 1024, 3, 7, 2048, 32],
        [64, 32, 0, 0, 16, 32],
        false,
        new PictureSizes { OriginalHeight = 512, OriginalWidth = 1024, Top = 3, Left = 7, TargetHeight = 2048, Negative = new PictureSizes { OriginalHeight = 64 } });

    [Fact]
    public void Both_halves_have_the_same_sizes_unless_the_request_says_otherwise() =>
        AssertIds([512, 32, 3, 0, 16, 32], [512, 32, 3, 0, 16, 32], false, new PictureSizes { OriginalHeight = 512, Top = 3 });

    [Fact]
    public void With_a_score_in_place_of_the_target_the_halves_differ() => AssertIds([16, 32, 0, 0, 6], [16, 32, 0, 0, 2.5f], true);

    [Fact]
    public void Scores_are_the_requests_to_say() => AssertIds([16, 32, 0, 0, 9], [16, 32, 0, 0, 1], true, new AestheticScores(9, 1));

    [Fact]
    public void A_score_for_a_network_that_takes_none_is_said_to_have_no_effect()
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseConditions(new SizeConditions(hasScore: false)).Build();
        Assert.Contains("aesthetic score", Assert.Single(pipeline.Generate(new TextToImageRequest("a cat") { Steps = 1, Parts = [new AestheticScores()] }).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_of_nothing_is_refused() =>
        Assert.Contains("at least 1 pixel", Assert.Throws<ArgumentOutOfRangeException>(() => Ids(false, new PictureSizes { Negative = new PictureSizes { TargetWidth = 0 } })).Message, StringComparison.Ordinal);

    private static void AssertIds(float[] conditional, float[] unconditional, bool hasScore, params IRequestPart[] parts) =>
        Assert.Equal([.. unconditional, .. conditional], Ids(hasScore, parts));

    private static float[] Ids(bool hasScore, params IRequestPart[] parts)
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseConditions(new SizeConditions(hasScore)).Build();
        pipeline.Generate(new TextToImageRequest("a cat") { Steps = 1, Parts = parts });
        return Assert.Single(predictor.Plans).Conditioning["time_ids"]!.Values.Values().ToArray();
    }
}
