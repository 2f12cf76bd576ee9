using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.FlowMatchHeun;

public class FlowMatchHeunTests
{
    private static readonly SampleShape One = new(1, 1, 1, 1);

    [Fact]
    public void N_steps_ask_2n_minus_1_times_where_a_step_ends_and_where_the_next_begins()
    {
        ISchedulerRun run = new FlowMatchHeunScheduler().Start(new SamplingPlan(4, One));
        Assert.Equal([1000, 667, 667, 334, 334, 1, 1], run.Timesteps.Select(t => Math.Round(t)));
    }

    [Fact]
    public void Twice_the_steps_leave_a_quarter_of_the_error()
    {
        // dx/dσ = x from σ = 1 down: the last step, from 1/1000 to 0, is Euler's in any case and too short to matter.
        double exact = Math.Exp(-1);
        double ratio = (Solve(20) - exact) / (Solve(40) - exact);
        Assert.InRange(ratio, 3.5, 4.6);

        static double Solve(int steps)
        {
            ISchedulerRun run = new FlowMatchHeunScheduler().Start(new SamplingPlan(steps, One));
            float[] x = [1];
            for (int i = 0; i < run.Timesteps.Count; i++)
            {
                run.Step(i, new GuidedPrediction([x[0]]), x, x, ScriptedNoise.Constant(0, 1));
            }

            return x[0];
        }
    }

    [Fact]
    public void A_pair_of_guided_steps_is_the_mean_of_two_slopes_with_churned_noise() => Property.Holds(StepCases.All, c =>
    {
        int steps = Math.Max(2, c.Steps);
        ISchedulerRun run = new FlowMatchHeunScheduler(new FlowMatchHeunOptions { Churn = 0.3 * steps, ChurnNoise = 1.1 }).Start(new SamplingPlan(steps, c.Shape));
        var middle = new float[c.Shape.Length];
        var actual = new float[c.Shape.Length];
        run.Step(0, c.Prediction(), c.Sample, middle, ScriptedNoise.Always(c.Noise));
        run.Step(1, new GuidedPrediction(c.Noise), middle, actual, ScriptedNoise.Always(c.Noise));

        // σ̂ = σ·(1 + γ); both slopes start at the churned sample.
        double churned = 1 + Math.Min(0.3 * steps / ((2 * steps) - 1), Math.Sqrt(2) - 1);
        double way = ((float)(run.Timesteps[1] / 1000)) - churned;
        Approximate[] first = OriginalReference.Guided(c);
        Approximate[] expected = [.. c.Sample.Select((x, i) =>
            x + (Approximate.Sqrt((churned * churned) - 1) * 1.1 * c.Noise[i]) + ((Approximate)(way / 2) * ((first[i] / churned) + c.Noise[i])))];

        // The prediction step is taken whole and half of it taken back, which rounds at its own size.
        for (int i = 0; i < actual.Length; i++)
        {
            double allowed = 4 * (expected[i].Error + (Approximate.Roundoff * (Math.Abs(middle[i]) + Math.Abs(first[i].Value) + first[i].Error)));
            Assert.Equal(expected[i].Value, actual[i], allowed);
        }
    });

    [Fact]
    public void Image_to_image_may_begin_in_the_middle_of_a_pair()
    {
        // The way from a noise level to itself is none: such a start costs an evaluation and changes nothing.
        var scheduler = new FlowMatchHeunScheduler();
        Assert.Equal(From(scheduler, 2), From(scheduler, 1));

        static float From(IScheduler scheduler, int first)
        {
            ISchedulerRun run = scheduler.Start(new SamplingPlan(4, One));
            float[] x = [0.7f];
            for (int i = first; i < run.Timesteps.Count; i++)
            {
                run.Step(i, new GuidedPrediction([x[0] / 2]), x, x, ScriptedNoise.Constant(0, 1));
            }

            return x[0];
        }
    }

    [Fact]
    public void Its_name_is_Flow_Heun() => Assert.Equal("Flow Heun", new FlowMatchHeunScheduler().ToString());

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new FlowMatchHeunScheduler(new FlowMatchHeunOptions { Churn = 5 }));
}
