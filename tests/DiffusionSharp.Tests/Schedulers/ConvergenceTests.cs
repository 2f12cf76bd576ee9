using DiffusionSharp.Schedulers;
using DiffusionSharp.Schedulers.Ddim;
using DiffusionSharp.Schedulers.DpmSolver;
using DiffusionSharp.Schedulers.Euler;
using DiffusionSharp.Schedulers.Heun;
using DiffusionSharp.Schedulers.Kdpm2;
using DiffusionSharp.Schedulers.Sigmas;
using DiffusionSharp.Schedulers.UniPc;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>
/// On a mixture of normal distributions, whose probability-flow ODE is known, the error falls with the number of steps as the order of
/// a method says. The bounds leave room for what docs/schedulers.md explains: a first-order last step and timesteps on a grid.
/// </summary>
public class ConvergenceTests
{
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Linear();

    [Fact]
    public void Ddim_is_of_first_order() => AssertSlope(
        0.85, 1.15, new DdimScheduler(new DdimOptions { Schedule = Schedule, Clipping = SampleClipping.None, TimestepSpacing = TimestepSpacing.Trailing }));

    [Fact]
    public void Euler_is_of_first_order() => AssertSlope(0.85, 1.15, new EulerScheduler(new EulerOptions { Schedule = Schedule, SigmaSpacing = SigmaSpacing.Karras }));

    [Fact]
    public void Heun_is_of_second_order() => AssertSlope(1.8, 2.5, new HeunScheduler(new HeunOptions { Schedule = Schedule, SigmaSpacing = SigmaSpacing.Karras }));

    [Fact]
    public void Kdpm2_is_of_second_order() => AssertSlope(1.7, 2.4, new Kdpm2Scheduler(new Kdpm2Options { Schedule = Schedule }));

    [Fact]
    public void Dpm_solver_multistep_is_well_above_first_order() => AssertSlope(1.5, 2.2, new DpmSolverScheduler(new DpmSolverOptions { Schedule = Schedule }));

    [Fact]
    public void UniPc_is_well_above_first_order() => AssertSlope(1.5, 2.2, new UniPcScheduler(new UniPcOptions { Schedule = Schedule }));

    private static void AssertSlope(double least, double most, IScheduler scheduler)
    {
        var model = new MixtureModel(Schedule);
        (double coarse, int few) = model.ErrorOf(scheduler, 10);
        (double fine, int many) = model.ErrorOf(scheduler, 100);
        Assert.InRange(Math.Log(coarse / fine) / Math.Log(many / (double)few), least, most);
    }
}
