using System.Text.Json;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text.Prompts;

/// <summary>Prompts that change on the way, as stable-diffusion-webui reads them.</summary>
public class ScheduleTests
{
    [Fact]
    public void Every_recorded_prompt_has_its_recorded_schedule()
    {
        JsonElement[] rows = [.. PromptFixture.Of("schedules")];
        Assert.True(rows.Length >= 165, $"{rows.Length} rows");
        Assert.All(rows, recorded =>
        {
            int steps = recorded.GetProperty("steps").GetInt32();
            bool isSecondPass = recorded.GetProperty("hires").ValueKind == JsonValueKind.Number;
            A1111PromptSyntax syntax = PromptSyntax.A1111 with { ReadsOldSchedules = recorded.GetProperty("old").GetBoolean(), EarlierSteps = isSecondPass ? steps : null };
            int from = 0;
            var expected = new List<(int, string)>();
            foreach (JsonElement entry in recorded.GetProperty("schedule").EnumerateArray())
            {
                expected.Add((from, entry[1].GetString()!));
                from = entry[0].GetInt32();
            }

            Assert.Equal(expected, syntax.Texts(recorded.Prompt(), isSecondPass ? recorded.GetProperty("hires").GetInt32() : steps));
        });
    }

    // By the grammar: brackets that are no schedule are text, and those around them too, but not those inside.
    [Theory]
    [InlineData("(a [b:c:2] d)", "(a b d)", "(a c d)")]
    [InlineData("(x:[b:c:2]:y)", "(x:b:y)", "(x:c:y)")]
    [InlineData("[x:(b:c):2]", "x", "(b:c)")]
    [InlineData("[x:[b]:2]", "x", "[b]")]
    [InlineData("[[a:b:c:2]:d:2]", "[[a:b:c:2]:d:2]")]
    [InlineData("[(a:b:2]", "[(a:b:2]")]
    [InlineData("[a:b:2)]", "[a:b:2)]")]
    [InlineData("[a:b:2]]", "a]", "b]")]
    [InlineData("a|b [c:d:2]", "a|b [c:d:2]")]
    [InlineData("(a|b) [c:d:2]", "(a|b) [c:d:2]")]
    [InlineData(@"a\|b [c:d:2]", @"a\|b c", @"a\|b d")]
    [InlineData("[c:d:2] \\", "[c:d:2] \\")]
    [InlineData("[c:d:2e0]", "c", "d")]
    [InlineData("[c:d:]", "[c:d:]")]
    [InlineData("[::2]", "")]
    public void Brackets_are_schedules_or_text(string prompt, params string[] expected) =>
        Assert.Equal(expected, PromptSyntax.A1111.Texts(prompt, 4).Select(entry => entry.Text).Distinct());
}
