using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests.Schedulers.Ddim;

/// <summary>What arXiv:2010.02502 says of its process beyond the formulas of a step.</summary>
public class DdimLawTests
{
    private static readonly SampleShape Shape = new(1, 1, 1, 1);

    // Two timesteps, falling.
    private static readonly Gen<(int From, int To)> Steps =
        from a in Gen.Choose(1, 999)
        from b in Gen.Choose(0, a - 1)
        select (a, b);

    [Fact]
    public void With_eta_1_a_step_is_that_of_DDPM() => Property.Holds(Steps, step =>
    {
        // Section 4.1: for sigma of eq. 16 with eta = 1 the generative process becomes a DDPM, here that of the variance β̃.
        var plan = new SamplingPlan(0, Shape) { Timesteps = [step.From, step.To] };
        ISchedulerRun ddim = new DdimScheduler(new DdimOptions { Eta = 1, Clipping = SampleClipping.None }).Start(plan);
        ISchedulerRun ddpm = new DdpmScheduler(new DdpmOptions { Clipping = SampleClipping.None }).Start(plan);
        ReadOnlySpan<float> alphaBar = NoiseSchedule.Linear().AlphaBar;

        // 1 - ᾱ_t/ᾱ_s is the difference of rounded numbers; it is all that the two compute differently.
        double relative = 8 * Approximate.Roundoff / (1 - ((double)alphaBar[step.From] / alphaBar[step.To]));

        // A step is linear without clipping, so a unit of each argument shows its coefficient.
        foreach ((int sample, int prediction, int noise) in ((int, int, int)[])[(1, 0, 0), (0, 1, 0), (0, 0, 1)])
        {
            double expected = Step(ddpm, sample, prediction, noise);
            Assert.Equal(expected, Step(ddim, sample, prediction, noise), relative * Math.Abs(expected));
        }
    });

    [Fact]
    public void Eta_scales_the_noise() => Property.Holds(Steps, step =>
    {
        var plan = new SamplingPlan(0, Shape) { Timesteps = [step.From, step.To] };
        double full = NoiseWeight(1, plan);
        Assert.Equal(0.25 * full, NoiseWeight(0.25, plan), 4 * Approximate.Roundoff * full);
    });

    [Fact]
    public void A_deterministic_step_can_be_taken_back()
    {
        Gen<((int From, int To) Step, int Sample, int Prediction)> cases =
            from step in Steps
            from sample in Gen.Choose(-3000, 3000)
            from prediction in Gen.Choose(-3000, 3000)
            select (step, sample, prediction);
        Property.Holds(cases, c =>
        {
            float x = c.Sample / 1000f;
            float epsilon = c.Prediction / 1000f;
            var plan = new SamplingPlan(0, Shape) { Timesteps = [c.Step.From, c.Step.To] };
            ISchedulerRun run = new DdimScheduler(new DdimOptions { Clipping = SampleClipping.None }).Start(plan);
            double next = Step(run, x, epsilon, 0);

            // Eq. 13 solved for x_t: x/sqrt(ᾱ) moves by ε times the difference of sqrt((1-ᾱ)/ᾱ), so the way back subtracts it.
            ReadOnlySpan<float> alphaBar = NoiseSchedule.Linear().AlphaBar;
            double from = alphaBar[c.Step.From];
            double to = alphaBar[c.Step.To];
            double back = Math.Sqrt(from) * ((next / Math.Sqrt(to)) - (epsilon * (Math.Sqrt((1 - to) / to) - Math.Sqrt((1 - from) / from))));

            // Going back multiplies the rounding of x_s, and of the terms that made it, with sqrt(ᾱ_t/ᾱ_s), below 1.
            Assert.Equal(x, back, 8 * Approximate.Roundoff * (Math.Abs(x) + Math.Abs(epsilon)));
        });
    }

    [Fact]
    public void The_last_step_goes_to_the_clean_sample_unless_told_otherwise()
    {
        // Leading spacing of 10 over 1000: from timestep 0 the target is ᾱ = 1, so the step returns x_0 itself.
        var plan = new SamplingPlan(10, Shape);
        NoiseSchedule schedule = NoiseSchedule.Linear();
        var options = new DdimOptions { Schedule = schedule, PredictionType = PredictionType.Sample, Clipping = SampleClipping.None };
        Assert.Equal(0.25f, Step(new DdimScheduler(options).Start(plan), 5, 0.25f, 0, index: 9));

        // Stable Diffusion stays at the noise level of timestep 0, where it already is: the step changes nothing.
        ISchedulerRun stays = new DdimScheduler(options with { SetAlphaToOne = false }).Start(plan);
        Assert.Equal(5, Step(stays, 5, 0.25f, 0, index: 9), 16 * Approximate.Roundoff * 5);
    }

    private static double NoiseWeight(double eta, SamplingPlan plan)
    {
        ISchedulerRun run = new DdimScheduler(new DdimOptions { Eta = eta }).Start(plan);
        return Step(run, 0, 0, 1) - Step(run, 0, 0, 0);
    }

    private static float Step(ISchedulerRun run, float sample, float prediction, float noise, int index = 0)
    {
        var next = new float[1];
        run.Step(index, new GuidedPrediction([prediction]), [sample], next, ScriptedNoise.Constant(noise, 1));
        return next[0];
    }
}
