namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>A step of the pipeline beside a bare run of the same session, in turn, on a UNet of Stable Diffusion's size; and the library's own time in a step.</summary>
internal static class StepOverhead
{
    public static async Task Run(string folder, int steps)
    {
        using var model = new LargeUNet(folder);
        var measured = new List<(double Bare, double Step, double Own)>();
        await foreach ((double Bare, double Step, double Own) step in model.StepsBesideBareRuns(steps))
        {
            measured.Add(step);
            Console.WriteLine($"step {measured.Count}: bare run {step.Bare:0.000} s, step {step.Step:0.000} s, of it the library's own {step.Own * 1e6:0} us");
        }

        Quartiles own = Quartiles.Of(measured.Select(step => step.Own));
        Console.WriteLine($"step / bare run: {Quartiles.Of(measured.Select(step => step.Step / step.Bare)):0.0000}, {measured.Count} pairs");
        Console.WriteLine($"own time in a step: {own.Median * 1e6:0} us ({own.Lower * 1e6:0} to {own.Upper * 1e6:0}), a share of {own.Median / Quartiles.Of(measured.Select(step => step.Step)).Median:0.0e+0} of the step");
    }
}
