using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Samplers by the names that other tools gave them.</summary>
public class SamplersTests
{
    private static readonly DdimOptions Model = DdimOptions.StableDiffusion;

    public static TheoryData<string> Names() => [.. Samplers.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sampler_samples_the_model_that_it_is_made_for(string name)
    {
        var scheduler = Assert.IsType<IDiscreteScheduler>(Samplers.ByName(name, Model), exactMatch: false);
        Assert.Same(Model.Schedule, scheduler.Options.Schedule);
        Assert.Equal(PredictionType.Epsilon, scheduler.Options.PredictionType);
        Assert.NotEqual(0, scheduler.Start(new SamplingPlan(8, new SampleShape(1, 1, 2, 2))).CallCount);
    }

    [Theory]
    [InlineData("Euler a", "Euler ancestral")]
    [InlineData("euler_ancestral", "Euler ancestral")]
    [InlineData("dpm_2_ancestral", "KDPM2 ancestral")]
    [InlineData("DPM++ 2S a", "DPM++ 2S ancestral")]
    [InlineData("DPM++ SDE", "DPM++ SDE")]
    [InlineData("UniPCMultistepScheduler", "UniPC")]
    [InlineData("plms", "PLMS")]
    [InlineData("euler_ancestral_cfg_pp", "Euler ancestral CFG++")]
    public void Names_of_the_web_UI_of_ComfyUI_and_of_diffusers_are_known(string name, string expected) => Assert.Equal(expected, Samplers.ByName(name, Model).ToString());

    [Theory]
    [InlineData("DPM++ 2M Karras", SigmaSpacing.Karras)]
    [InlineData("dpm++ 2m karras", SigmaSpacing.Karras)]
    [InlineData("DPM++ 2M Exponential", SigmaSpacing.Exponential)]
    [InlineData("DPM++ 2M Align Your Steps XL", SigmaSpacing.AlignYourStepsXl)]
    [InlineData("dpmpp_2m kl_optimal", SigmaSpacing.KlOptimal)]
    [InlineData("DPM++ 2M GITS", SigmaSpacing.Gits)]
    [InlineData("DPM++ 2M Logit-Normal", SigmaSpacing.LogitNormal)]
    [InlineData("DPM++ 2M", SigmaSpacing.Default)]
    public void An_ending_spreads_the_noise_levels(string name, SigmaSpacing spacing) =>
        Assert.Equal(spacing, Assert.IsType<DpmSolverScheduler>(Samplers.ByName(name, Model)).Options.SigmaSpacing);

    [Theory]
    [InlineData("DPM++ 2M SGM Uniform", TimestepSpacing.SgmUniform)]
    [InlineData("dpmpp_2m sgm_uniform", TimestepSpacing.SgmUniform)]
    [InlineData("Euler Simple", TimestepSpacing.Simple)]
    [InlineData("ddim simple", TimestepSpacing.Simple)]
    public void An_ending_spaces_the_timesteps(string name, TimestepSpacing spacing) =>
        Assert.Equal(spacing, Assert.IsType<IDiscreteScheduler>(Samplers.ByName(name, Model), exactMatch: false).Options.TimestepSpacing);

    [Fact]
    public void What_a_name_cannot_mean_is_refused_with_words()
    {
        Assert.Contains("DPM++ 2M,", Assert.Throws<ArgumentException>(() => Samplers.ByName("DPM+ 2M", Model)).Message, StringComparison.Ordinal);
        Assert.Contains("LCM has timesteps of its own", Assert.Throws<ArgumentException>(() => Samplers.ByName("LCM Simple", Model)).Message, StringComparison.Ordinal);
        Assert.Contains("DPM++ 2S has timesteps of its own", Assert.Throws<ArgumentException>(() => Samplers.ByName("DPM++ 2S Simple", Model)).Message, StringComparison.Ordinal);
        Assert.Contains("DDIM steps through timesteps", Assert.Throws<ArgumentException>(() => Samplers.ByName("DDIM Karras", Model)).Message, StringComparison.Ordinal);
    }
}
