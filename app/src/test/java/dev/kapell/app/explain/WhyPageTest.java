package dev.kapell.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WhyPageTest {
  private static List<String> page(String status) {
    String json = "{'metadata':{'namespace':'shop','name':'web'},'status':" + status + "}";
    return WhyPage.of(
        Objects.requireNonNull(
            JsonCodec.readTree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void aPodWithoutANodeHasAPageOfReasonsAndRemedies() {
    assertThat(
            page(
                """
                {'verdict':'Unschedulable','summary':'x','nodes':6,'nodesThatFit':0,
                 'refusals':[
                   {'reason':'Insufficient cpu','message':'not enough cpu is free','count':5,
                    'nodes':['a','b','c','d','e']},
                   {'reason':'y','message':'closed','count':1,'nodes':['f']}],
                 'closest':{'nodeName':'b','reasons':['Insufficient cpu'],'lacks':[
                   {'resource':'cpu','needs':'2','free':'1.2','total':'4','missing':'800m'}]},
                 'preemption':{'allowed':false,'message':'with 1 or more these would be evicted',
                   'nodeName':'b','victims':[{'namespace':'shop','name':'old','priority':0}]},
                 'remedies':[{'nodeName':'b','steps':['free 800m cpu there','open it']}]}
                """))
        .containsExactly(
            "shop/web: fits none of the 6 nodes",
            "",
            "Why not",
            "  5 nodes   not enough cpu is free   a, b, c, d and 1 more",
            "  1 node    closed                   f",
            "",
            "Closest: b",
            "  cpu   asks for 2   1.2 of 4 free   800m missing",
            "",
            "Making room",
            "  with 1 or more these would be evicted",
            "    shop/old (priority 0, on b)",
            "",
            "What would make it fit",
            "  b: free 800m cpu there",
            "     and open it");
  }

  @Test
  void aBoundPodHasItsScores() {
    assertThat(
            page(
                """
                {'verdict':'Bound','summary':'it is on b, the best of 2 nodes that fit','nodes':2,
                 'nodesThatFit':2,'refusals':[],'remedies':[],
                 'scores':[{'nodeName':'b','total':90.0,'parts':{'A':60.0,'B':30.0}}]}
                """))
        .containsExactly(
            "shop/web: it is on b, the best of 2 nodes that fit",
            "",
            "Nodes that fit, the best first",
            "  b   90.0   A 60.0, B 30.0");
  }
}
