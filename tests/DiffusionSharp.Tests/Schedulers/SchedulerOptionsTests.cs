using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>Options have the papers' defaults, and refuse what has no meaning.</summary>
public class SchedulerOptionsTests
{
    [Fact]
    public void DDPM_defaults_are_those_of_the_paper()
    {
        // arXiv:2006.11239, sections 3.2 and 4: 1000 timesteps, β from 1e-4 to 0.02, ε prediction, data in [-1, 1].
        DdpmOptions options = new DdpmScheduler().Options;
        Assert.Equal(1000, options.Schedule.TrainingTimesteps);
        Assert.Equal(1e-4f, options.Schedule.Betas[0]);
        Assert.Equal(0.02f, options.Schedule.Betas[^1]);
        Assert.Equal(PredictionType.Epsilon, options.PredictionType);
        Assert.Equal(SampleClipping.Clamp(1), options.Clipping);
        Assert.Equal(VarianceType.FixedSmall, options.VarianceType);
    }

    [Fact]
    public void DDIM_defaults_are_deterministic_and_end_at_the_clean_sample()
    {
        DdimOptions options = new DdimScheduler().Options;
        Assert.Equal(0, options.Eta);
        Assert.True(options.SetAlphaToOne);
        Assert.False(options.UseClippedModelOutput);
    }

    [Fact]
    public void Stable_Diffusion_has_the_options_that_its_models_ship_with()
    {
        // scheduler_config.json of stable-diffusion-v1-5: scaled_linear from 0.00085 to 0.012, steps_offset 1, set_alpha_to_one and clip_sample false.
        DdimOptions ddim = DdimOptions.StableDiffusion;
        DdpmOptions ddpm = DdpmOptions.StableDiffusion;
        Assert.False(ddim.SetAlphaToOne);
        foreach (DiscreteSchedulerOptions options in (DiscreteSchedulerOptions[])[ddim, ddpm])
        {
            // A square of a rounded root.
            Assert.Equal(0.00085, options.Schedule.Betas[0], 3 * Approximate.Roundoff * 0.00085);
            Assert.Equal(0.012, options.Schedule.Betas[^1], 3 * Approximate.Roundoff * 0.012);
            Assert.Equal(1, options.StepsOffset);
            Assert.Equal(SampleClipping.None, options.Clipping);
            Assert.Equal(PredictionType.Epsilon, options.PredictionType);
        }
    }

    [Fact]
    public void Another_scheduler_for_the_same_model_takes_over_what_the_model_says()
    {
        var ddim = new DdimOptions
        {
            Schedule = NoiseSchedule.SquaredCosine(50),
            PredictionType = PredictionType.Velocity,
            Clipping = SampleClipping.Clamp(3),
            TimestepSpacing = TimestepSpacing.Trailing,
            StepsOffset = 2,
            Eta = 0.5,
        };
        DdpmOptions ddpm = ddim.For<DdpmOptions>();
        Assert.Same(ddim.Schedule, ddpm.Schedule);
        Assert.Equal(PredictionType.Velocity, ddpm.PredictionType);
        Assert.Equal(SampleClipping.Clamp(3), ddpm.Clipping);
        Assert.Equal(TimestepSpacing.Trailing, ddpm.TimestepSpacing);
        Assert.Equal(2, ddpm.StepsOffset);
        Assert.Equal(VarianceType.FixedSmall, ddpm.VarianceType);

        // What belongs to the scheduler and not to the model comes from its own defaults on the way back.
        Assert.Equal(ddim with { Eta = 0 }, ddpm.For<DdimOptions>());
        Assert.Same(ddim, ddim.For<DdimOptions>());

        // Solvers in σ do not clip, those in λ threshold only, and PNDM does neither and needs no Runge-Kutta steps.
        Assert.Equal(SampleClipping.None, ddim.For<HeunOptions>().Clipping);
        Assert.Equal(SampleClipping.None, ddim.For<DeisOptions>().Clipping);
        Assert.Equal(SampleClipping.DynamicThreshold(), (ddim with { Clipping = SampleClipping.DynamicThreshold() }).For<DeisOptions>().Clipping);
        Assert.Equal((SampleClipping.None, true), (ddim.For<PndmOptions>().Clipping, ddim.For<PndmOptions>().SkipPrkSteps));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Eta_is_in_0_to_1(double eta) =>
        Assert.Contains("Eta", Assert.Throws<ArgumentOutOfRangeException>(() => new DdimOptions { Eta = eta }).Message, StringComparison.Ordinal);

    [Fact]
    public void An_offset_is_not_negative() => Assert.Throws<ArgumentOutOfRangeException>(() => new DdpmOptions { StepsOffset = -1 });

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_range_of_x_0_is_a_positive_number(float range)
    {
        Assert.Equal("range", Assert.Throws<ArgumentOutOfRangeException>(() => SampleClipping.Clamp(range)).ParamName);
        Assert.Equal("maximum", Assert.Throws<ArgumentOutOfRangeException>(() => SampleClipping.DynamicThreshold(0.9f, range)).ParamName);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void A_quantile_is_in_0_to_1(float ratio) =>
        Assert.Equal("ratio", Assert.Throws<ArgumentOutOfRangeException>(() => SampleClipping.DynamicThreshold(ratio)).ParamName);

    [Fact]
    public void A_scheduler_without_a_plan_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new DdpmScheduler().Start(null!));
        Assert.Throws<ArgumentNullException>(() => new DdimScheduler().Start(null!));
    }
}
