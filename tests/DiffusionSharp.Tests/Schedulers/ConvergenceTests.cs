using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>
/// On a mixture of normal distributions, whose probability-flow ODE is known, the error falls with the number of steps as the order of
/// a method says: of the method alone at exact noise levels, and of schedulers as they are used, where the bounds leave room for what
/// docs/schedulers.md explains, a first-order last step and timesteps on a grid.
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

    [Fact]
    public void The_method_of_DPM_solver_multistep_is_of_its_order() =>
        AssertMethod(1.85, 2.2, new DpmSolverScheduler(new DpmSolverOptions { Schedule = Schedule, SigmaSpacing = SigmaSpacing.Lu }));

    [Theory]
    [InlineData(2, 1.7, 2.2)]
    [InlineData(3, 2.4, 3.3)]
    public void The_method_of_DPM_solver_singlestep_is_of_its_order(int order, double least, double most) =>
        AssertMethod(least, most, new DpmSolverSinglestepScheduler(new DpmSolverSinglestepOptions { Schedule = Schedule, SigmaSpacing = SigmaSpacing.Lu, SolverOrder = order }));

    [Theory]
    [InlineData(2, 1.75, 2.2)]
    [InlineData(3, 2.7, 3.3)]
    public void The_method_of_DEIS_is_of_its_order(int order, double least, double most) =>
        AssertMethod(least, most, new DeisScheduler(new DeisOptions { Schedule = Schedule, SigmaSpacing = SigmaSpacing.Lu, SolverOrder = order }));

    [Theory]
    [InlineData(2, 2.7, 3.3)]
    [InlineData(3, 3.4, 4.2)]
    public void The_corrector_of_UniPC_raises_the_order_by_one(int order, double least, double most) =>
        AssertMethod(least, most, new UniPcScheduler(new UniPcOptions { Schedule = Schedule, SigmaSpacing = SigmaSpacing.Exponential, SolverOrder = order }));

    [Fact]
    public void The_method_of_LMS_nears_its_order() =>
        AssertMethod(3, 4.2, new LmsScheduler(new LmsOptions { Schedule = Schedule, SigmaSpacing = SigmaSpacing.Exponential }));

    private static void AssertSlope(double least, double most, IScheduler scheduler)
    {
        var model = new MixtureModel(Schedule);
        AssertSlope(least, most, model.ErrorOf(scheduler, 10), model.ErrorOf(scheduler, 100));
    }

    private static void AssertMethod(double least, double most, IScheduler scheduler)
    {
        var model = new MixtureModel(Schedule);
        AssertSlope(least, most, model.ErrorOfMethod(scheduler, 20), model.ErrorOfMethod(scheduler, 100));
    }

    private static void AssertSlope(double least, double most, (double Error, int Calls) coarse, (double Error, int Calls) fine) =>
        Assert.InRange(Math.Log(coarse.Error / fine.Error) / Math.Log(fine.Calls / (double)coarse.Calls), least, most);
}
